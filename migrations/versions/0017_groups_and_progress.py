"""assignments may be in weighed groups; a grade knows when work last came and what it brought"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEEP = """
CREATE OR REPLACE FUNCTION keep_grade(of_assignment integer, of_user integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE counting submissions%ROWTYPE; number integer; progress integer; latest timestamptz;
BEGIN
  INSERT INTO grades (assignment_id, user_id) VALUES (of_assignment, of_user)
    ON CONFLICT DO NOTHING;
  -- Of two verdicts at once, the later one looks when the earlier one is committed.
  PERFORM 1 FROM grades WHERE assignment_id = of_assignment AND user_id = of_user
    FOR NO KEY UPDATE;
  SELECT s.* INTO counting FROM submissions s JOIN assignments a ON a.id = s.assignment_id
    WHERE s.assignment_id = of_assignment AND s.user_id = of_user AND s.kind = 'attempt'
    ORDER BY (s.score IS NOT NULL) DESC,
      CASE WHEN a.counts = 'best' THEN s.score END DESC NULLS LAST,
      CASE WHEN a.counts = 'latest' THEN s.attempt END DESC NULLS LAST,
      s.attempt
    LIMIT 1;
  SELECT count(*), max(s.submitted_at),
      max(s.attempt) - coalesce((array_agg(s.attempt ORDER BY s.score DESC, s.attempt)
        FILTER (WHERE s.score IS NOT NULL))[1], 0)
    INTO number, latest, progress FROM submissions s
    WHERE s.assignment_id = of_assignment AND s.user_id = of_user AND s.kind = 'attempt';
  UPDATE grades SET submission_id = counting.id, score = counting.score,
      submitted_at = counting.submitted_at, attempts = number,{more}
      remarks = CASE jsonb_typeof(counting.remarks)
        WHEN 'array' THEN jsonb_array_length(counting.remarks) ELSE 0 END
    WHERE assignment_id = of_assignment AND user_id = of_user;
END $$
"""
_PROGRESS = "\n      since_best = coalesce(progress, 0), last_at = latest,"
_ALL = "SELECT keep_grade(assignment_id, user_id) FROM grades"


def _function(more: str) -> str:
    return _KEEP.format(more=more)


def upgrade() -> None:
    """Bring the database to this revision."""
    _groups()
    op.add_column("grades", sa.Column("last_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "grades",
        sa.Column("since_best", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.execute(_function(_PROGRESS))
    op.execute(_ALL)


def _groups() -> None:
    op.create_table(
        "assignment_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name="weight"),
        sa.CheckConstraint("dropped >= 0", name="dropped"),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_assignment_groups_course_id", "assignment_groups", ["course_id"])
    op.add_column("assignments", sa.Column("group_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_assignments_group_id_assignment_groups"),
        "assignments",
        "assignment_groups",
        ["group_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_assignments_group_id", "assignments", ["group_id"])


def downgrade() -> None:
    """Take it back to the one before."""
    op.execute(_function(""))
    op.drop_column("grades", "since_best")
    op.drop_column("grades", "last_at")
    op.drop_column("assignments", "group_id")
    op.drop_table("assignment_groups")
