"""what staff alone are told of a submission"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column("submissions", sa.Column("remarks", JSONB(), nullable=True))


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_column("submissions", "remarks")
