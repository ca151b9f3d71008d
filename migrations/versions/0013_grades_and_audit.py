"""what counts of attempts is kept at hand, with what was changed by hand; an audit log"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP = """
CREATE FUNCTION keep_grade(of_assignment integer, of_user integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE counting submissions%ROWTYPE; number integer;
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
  SELECT count(*) INTO number FROM submissions s
    WHERE s.assignment_id = of_assignment AND s.user_id = of_user AND s.kind = 'attempt';
  UPDATE grades SET submission_id = counting.id, score = counting.score,
      submitted_at = counting.submitted_at, attempts = number,
      remarks = CASE jsonb_typeof(counting.remarks)
        WHEN 'array' THEN jsonb_array_length(counting.remarks) ELSE 0 END
    WHERE assignment_id = of_assignment AND user_id = of_user;
END $$;

CREATE FUNCTION keep_grade_of_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT FROM grades g
        WHERE g.assignment_id = OLD.assignment_id AND g.user_id = OLD.user_id) THEN
      PERFORM keep_grade(OLD.assignment_id, OLD.user_id);
    END IF;
  ELSE
    PERFORM keep_grade(NEW.assignment_id, NEW.user_id);
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION keep_grades_of_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_grade(NEW.id, g.user_id) FROM grades g WHERE g.assignment_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER grade_of_new AFTER INSERT ON submissions FOR EACH ROW
  WHEN (NEW.kind = 'attempt') EXECUTE FUNCTION keep_grade_of_attempt();
CREATE TRIGGER grade_of_changed AFTER UPDATE OF score, remarks, kind, submitted_at ON submissions
  FOR EACH ROW WHEN (NEW.kind = 'attempt' AND
    (NEW.score, NEW.remarks, NEW.kind, NEW.submitted_at)
    IS DISTINCT FROM (OLD.score, OLD.remarks, OLD.kind, OLD.submitted_at))
  EXECUTE FUNCTION keep_grade_of_attempt();
CREATE TRIGGER grade_of_deleted AFTER DELETE ON submissions FOR EACH ROW
  WHEN (OLD.kind = 'attempt') EXECUTE FUNCTION keep_grade_of_attempt();
CREATE TRIGGER grades_of_changed AFTER UPDATE OF counts ON assignments FOR EACH ROW
  WHEN (NEW.counts IS DISTINCT FROM OLD.counts) EXECUTE FUNCTION keep_grades_of_assignment();

SELECT keep_grade(pair.assignment_id, pair.user_id) FROM
  (SELECT DISTINCT assignment_id, user_id FROM submissions WHERE kind = 'attempt') AS pair;
"""
DROP = """
DROP TRIGGER grade_of_new ON submissions;
DROP TRIGGER grade_of_changed ON submissions;
DROP TRIGGER grade_of_deleted ON submissions;
DROP TRIGGER grades_of_changed ON assignments;
DROP FUNCTION keep_grades_of_assignment;
DROP FUNCTION keep_grade_of_attempt;
DROP FUNCTION keep_grade;
"""
ONLY_ADDED = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what is in the table % is never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Bring the database to this revision."""
    _grades()
    op.execute(KEEP)
    _entries()
    op.execute(ONLY_ADDED)


def _grades() -> None:
    op.create_table(
        "grades",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("remarks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("given", sa.Float(), nullable=True),
        sa.Column("given_by_exercise", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("excused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("on_time", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("assignment_id", "user_id"),
    )
    op.create_index("ix_grades_user_id", "grades", ["user_id"])
    op.create_index("ix_grades_submission_id", "grades", ["submission_id"])


def _entries() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.CheckConstraint("via IN ('page', 'api', 'command', 'grader')", name="via"),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"]),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_entries_course", "audit_entries", ["course_id", "id"])
    op.create_index("ix_audit_entries_grade", "audit_entries", ["assignment_id", "user_id", "id"])


def downgrade() -> None:
    """Take it back to the one before."""
    op.drop_table("audit_entries")
    op.execute("DROP FUNCTION refuse_change")
    op.execute(DROP)
    op.drop_table("grades")
