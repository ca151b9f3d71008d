"""what is graded without being handed in is a trial, no check: that is an item of the rubric"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    _rename("check", "trial")


def downgrade() -> None:
    """Take it back to the one before."""
    _rename("trial", "check")


def _rename(old: str, new: str) -> None:
    """Have columns, constraints, the index and what is stored say `new` instead of `old`."""
    op.alter_column("assignments", f"{old}s", new_column_name=f"{new}s")
    op.execute(
        f"ALTER TABLE assignments RENAME CONSTRAINT ck_assignments_{old}s TO ck_assignments_{new}s"
    )
    op.drop_index(f"ix_submissions_{old}s", "submissions")
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions")
    op.execute(f"UPDATE submissions SET kind = '{new}' WHERE kind = '{old}'")  # noqa: S608
    op.create_check_constraint(
        op.f("ck_submissions_kind"), "submissions", f"kind IN ('hand-in', '{new}')"
    )
    op.create_index(
        f"ix_submissions_{new}s",
        "submissions",
        ["submitted_at"],
        postgresql_where=sa.text(f"kind = '{new}'"),
    )
    # What was counted under the old name goes on under the new one, or totals would fall to zero.
    op.execute(f"UPDATE tallies SET name = '{new}' WHERE name = '{old}'")  # noqa: S608
