"""what a submission was run with"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.add_column("submissions", sa.Column("ran_with", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_column("submissions", "ran_with")
