"""students have late days in a course, and spend them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    for table in ("courses", "assignments"):
        op.add_column(
            table,
            sa.Column("late_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        )
    op.create_table(
        "late_days",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days >= 0", name="days"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assignment_id", "user_id"),
    )
    op.create_index("ix_late_days_user_id", "late_days", ["user_id"])


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_table("late_days")
    for table in ("courses", "assignments"):
        op.drop_column(table, "late_days")
