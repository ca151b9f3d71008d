"""attempts are graded again as a preview first; what they had before stays to be read"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the database to this revision."""
    _regrades()
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions")
    op.create_check_constraint(
        op.f("ck_submissions_kind"),
        "submissions",
        "kind IN ('attempt', 'trial', 'preview', 'earlier')",
    )
    op.add_column("submissions", sa.Column("of_id", sa.Uuid(), nullable=True))
    op.add_column("submissions", sa.Column("regrade_id", sa.Integer(), nullable=True))
    for column, table in (("of_id", "submissions"), ("regrade_id", "regrades")):
        op.create_foreign_key(
            op.f(f"fk_submissions_{column}_{table}"),
            "submissions",
            table,
            [column],
            ["id"],
            ondelete="CASCADE",
        )
        op.create_index(
            f"ix_submissions_{column.removesuffix('_id')}",
            "submissions",
            [column],
            postgresql_where=sa.text("of_id IS NOT NULL"),
        )
    _unique(deferrable=True)


def _regrades() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("about", postgresql.JSONB(), nullable=False),
        sa.Column("worth", postgresql.JSONB(), nullable=False),
        sa.Column("rubric", postgresql.JSONB(), nullable=True),
        sa.Column("draft", postgresql.JSONB(), nullable=True),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("runs", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", moment, nullable=True),
        sa.Column("cancelled_at", moment, nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("never_lower", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_regrades_assignment_id", "regrades", ["assignment_id"])


def _unique(*, deferrable: bool) -> None:
    """Have a submission's results be looked at when a statement ends, or after each row."""
    name = op.f("uq_exercise_results_submission_id_slug")
    op.drop_constraint(name, "exercise_results")
    op.create_unique_constraint(
        name,
        "exercise_results",
        ["submission_id", "slug"],
        deferrable=deferrable,
        initially="IMMEDIATE" if deferrable else None,
    )


def downgrade() -> None:
    """Take it back to the one before."""
    op.execute("DELETE FROM submissions WHERE of_id IS NOT NULL")
    _unique(deferrable=False)
    op.drop_column("submissions", "regrade_id")
    op.drop_column("submissions", "of_id")
    op.drop_constraint(op.f("ck_submissions_kind"), "submissions")
    op.create_check_constraint(
        op.f("ck_submissions_kind"), "submissions", "kind IN ('attempt', 'trial')"
    )
    op.drop_table("regrades")
