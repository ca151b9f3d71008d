"""what graders say of their cells"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.create_table(
        "cell_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("container", sa.String(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cell_reports")),
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_table("cell_reports")
