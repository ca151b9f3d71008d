"""what it costs to compute a gradient that nobody asked for may count once in a file"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("assignments", "regrades")


def upgrade() -> None:
    """Bring the database to this revision."""
    for table in _TABLES:
        op.add_column(
            table,
            sa.Column("none_counts_once", sa.Boolean(), server_default=sa.false(), nullable=False),
        )


def downgrade() -> None:
    """Take this revision back; scores stay as they are, which assignments asked for it is lost."""
    for table in _TABLES:
        op.drop_column(table, "none_counts_once")
