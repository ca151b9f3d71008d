"""what counts is an attempt, what a failed check shows an exhibit, a running total a counter's"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    op.rename_table("tallies", "counter_totals")
    op.rename_table("tally_marks", "counted_until")
    op.execute("ALTER INDEX pk_tallies RENAME TO pk_counter_totals")
    op.execute("ALTER INDEX pk_tally_marks RENAME TO pk_counted_until")
    # What was counted under the old name goes on under the new one, or totals would fall to zero.
    op.execute("UPDATE counter_totals SET name = 'outcome' WHERE name = 'verdict'")
    _rename_kind("hand-in", "attempt")
    _rename_key("evidence", "exhibit")


def downgrade() -> None:
    """Take it back to the one before."""
    _rename_key("exhibit", "evidence")
    _rename_kind("attempt", "hand-in")
    op.execute("UPDATE counter_totals SET name = 'verdict' WHERE name = 'outcome'")
    op.execute("ALTER INDEX pk_counted_until RENAME TO pk_tally_marks")
    op.execute("ALTER INDEX pk_counter_totals RENAME TO pk_tallies")
    op.rename_table("counted_until", "tally_marks")
    op.rename_table("counter_totals", "tallies")


def _rename_kind(old: str, new: str) -> None:
    """Have what is stored of kind `old`, its default, constraint and index say `new`."""
    op.drop_index("uq_submissions_attempt", "submissions")
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions")
    op.execute(f"UPDATE submissions SET kind = '{new}' WHERE kind = '{old}'")  # noqa: S608
    op.alter_column("submissions", "kind", server_default=new)
    op.create_check_constraint(
        op.f("ck_submissions_kind"), "submissions", f"kind IN ('{new}', 'trial')"
    )
    op.create_index(
        "uq_submissions_attempt",
        "submissions",
        ["assignment_id", "user_id", "attempt"],
        unique=True,
        postgresql_where=sa.text(f"kind = '{new}'"),
    )


def _rename_key(old: str, new: str) -> None:
    """Rename a key in all reports. A quotation mark within a text has a backslash before it, so
    that no text has these characters."""
    op.execute(
        "UPDATE exercise_results SET report = "  # noqa: S608
        f"""replace(report::text, '"{old}":', '"{new}":')::jsonb """
        f"""WHERE report::text LIKE '%"{old}":%'"""
    )
