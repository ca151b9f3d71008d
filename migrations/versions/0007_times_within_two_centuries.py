"""an assignment's times lie within two centuries; whether work is late is not stored"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TIMES = ("opens_at", "due_at", "closes_at")
_YEARS = "BETWEEN '2000-01-01 UTC' AND '2200-01-01 UTC'"


def upgrade() -> None:
    """Bring the database to this revision."""
    for column in _TIMES:
        # A time that no page can read is none; it was most likely meant for "never".
        op.execute(
            f"UPDATE assignments SET {column} = NULL WHERE NOT {column} {_YEARS}"  # noqa: S608
        )
    op.create_check_constraint(
        op.f("ck_assignments_times"),
        "assignments",
        " AND ".join(f"{column} {_YEARS}" for column in _TIMES),
    )
    op.drop_column("submissions", "late")


def downgrade() -> None:
    """Take it back to the one before."""
    op.add_column(
        "submissions",
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.execute(
        "UPDATE submissions SET late = true FROM assignments "
        "WHERE assignments.id = assignment_id AND submitted_at > due_at"
    )
    op.alter_column("submissions", "late", server_default=None)
    op.drop_constraint(op.f("ck_assignments_times"), "assignments")
