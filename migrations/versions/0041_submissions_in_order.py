"""a page of an assignment's submissions is read from where it begins"""

from collections.abc import Sequence

from alembic import op

revision: str = "0041"
down_revision: str | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision; a million submissions take some seconds."""
    op.execute(
        "CREATE INDEX ix_submissions_in_order ON submissions (assignment_id, submitted_at, id) "
        "WHERE kind = 'attempt'"
    )


def downgrade() -> None:
    """Take this revision back; nothing is lost."""
    op.drop_index("ix_submissions_in_order")
