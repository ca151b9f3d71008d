"""an assignment has an id that an LMS gives it"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision; no assignment has one yet."""
    op.add_column("assignments", sa.Column("external_id", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_assignments_external_id"), "assignments", ["external_id"])


def downgrade() -> None:
    """Take it back: the external ids of assignments are lost, and nothing else."""
    op.drop_column("assignments", "external_id")
