"""retry_at instead of published_at"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.drop_column("submissions", "published_at")
    op.add_column("submissions", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_column("submissions", "retry_at")
    op.add_column(
        "submissions", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True)
    )
