"""an assignment has teams, and an attempt counts for each whom it was handed in for"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_KEEP = """
CREATE OR REPLACE FUNCTION keep_grade(of_assignment integer, of_user integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE counting submissions%ROWTYPE; number integer; progress integer; latest timestamptz;
  chosen uuid;
BEGIN
  INSERT INTO grades (assignment_id, user_id) VALUES (of_assignment, of_user)
    ON CONFLICT DO NOTHING;
  -- Of two verdicts at once, the later one looks when the earlier one is committed.
  SELECT chosen_id INTO chosen FROM grades WHERE assignment_id = of_assignment
    AND user_id = of_user FOR NO KEY UPDATE;
  SELECT s.* INTO counting FROM submissions s JOIN assignments a ON a.id = s.assignment_id{whose}
    ORDER BY (s.score IS NOT NULL) DESC,
      (a.counts = 'chosen' AND s.id IS NOT DISTINCT FROM chosen) DESC,
      (a.counts = 'best on time' AND s.late),
      CASE WHEN a.counts <> 'latest' THEN s.counted END DESC NULLS LAST,
      CASE WHEN a.counts = 'latest' THEN s.attempt END DESC NULLS LAST,
      s.attempt
    LIMIT 1;
  SELECT count(*), max(submitted_at), count(*) FILTER (WHERE attempt > coalesce(best, 0))
    INTO number, latest, progress FROM (
      SELECT s.submitted_at, s.attempt,
        first_value(CASE WHEN s.score IS NOT NULL THEN s.attempt END)
          OVER (ORDER BY s.score DESC NULLS LAST, s.attempt) AS best
        FROM submissions s{whose}) AS own;
  UPDATE grades SET submission_id = counting.id, score = counting.score,
      late = coalesce(counting.late, false), late_share = coalesce(counting.late_share, 0),
      late_points = coalesce(counting.late_points, 0),
      submitted_at = counting.submitted_at, attempts = number,
      since_best = progress, last_at = latest,
      remarks = CASE jsonb_typeof(counting.remarks)
        WHEN 'array' THEN jsonb_array_length(counting.remarks) ELSE 0 END
    WHERE assignment_id = of_assignment AND user_id = of_user;
END $$
"""
_OF_MEMBERS = """
    JOIN attempt_members m ON m.submission_id = s.id
    WHERE m.assignment_id = of_assignment AND m.user_id = of_user AND s.kind = 'attempt'"""
_OF_ONE = """
    WHERE s.assignment_id = of_assignment AND s.user_id = of_user AND s.kind = 'attempt'"""
_FOLLOW = """
CREATE OR REPLACE FUNCTION keep_grade_of_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- In one order, so that two verdicts on one team's attempts do not wait for each other.
  PERFORM keep_grade(m.assignment_id, m.user_id) FROM
    (SELECT assignment_id, user_id FROM attempt_members WHERE submission_id = NEW.id
      ORDER BY user_id) AS m;
  RETURN NULL;
END $$;
CREATE FUNCTION add_attempt_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO attempt_members (submission_id, user_id, assignment_id)
    VALUES (NEW.id, NEW.user_id, NEW.assignment_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE FUNCTION keep_grade_of_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM keep_grade(NEW.assignment_id, NEW.user_id);
  ELSIF EXISTS (SELECT FROM grades g
      WHERE g.assignment_id = OLD.assignment_id AND g.user_id = OLD.user_id) THEN
    PERFORM keep_grade(OLD.assignment_id, OLD.user_id);
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER grade_of_new ON submissions;
DROP TRIGGER grade_of_deleted ON submissions;
CREATE TRIGGER member_of_new AFTER INSERT ON submissions FOR EACH ROW
  WHEN (NEW.kind = 'attempt') EXECUTE FUNCTION add_attempt_member();
CREATE TRIGGER member_of_changed AFTER UPDATE OF kind ON submissions FOR EACH ROW
  WHEN (NEW.kind = 'attempt' AND OLD.kind <> 'attempt') EXECUTE FUNCTION add_attempt_member();
CREATE TRIGGER grade_of_member AFTER INSERT OR DELETE ON attempt_members FOR EACH ROW
  EXECUTE FUNCTION keep_grade_of_member();
"""
_FOLLOW_NO_MORE = """
DROP TRIGGER grade_of_member ON attempt_members;
DROP TRIGGER member_of_changed ON submissions;
DROP TRIGGER member_of_new ON submissions;
DROP FUNCTION keep_grade_of_member;
DROP FUNCTION add_attempt_member;
CREATE OR REPLACE FUNCTION keep_grade_of_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER grade_of_new AFTER INSERT ON submissions FOR EACH ROW
  WHEN (NEW.kind = 'attempt') EXECUTE FUNCTION keep_grade_of_attempt();
CREATE TRIGGER grade_of_deleted AFTER DELETE ON submissions FOR EACH ROW
  WHEN (OLD.kind = 'attempt') EXECUTE FUNCTION keep_grade_of_attempt();
"""
_YEARS = "BETWEEN '2000-01-01 UTC' AND '2200-01-01 UTC'"
_TIMES = ("opens_at", "due_at", "closes_at")


def upgrade() -> None:
    """Bring the database to this revision."""
    _rules()
    _teams()
    _invitations()
    _members()
    _extensions("num_nonnulls(user_id, section_id, team_id) = 1")
    op.execute(_KEEP.format(whose=_OF_MEMBERS))
    op.execute(_FOLLOW)


def _rules() -> None:
    whole, yes = sa.text("1"), sa.text("true")
    table = "assignments"
    op.add_column(table, sa.Column("team_size", sa.Integer(), server_default=whole, nullable=False))
    op.add_column(
        table, sa.Column("students_form_teams", sa.Boolean(), server_default=yes, nullable=False)
    )
    op.add_column(table, sa.Column("teams_until", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(op.f("ck_assignments_team_size"), table, "team_size > 0")
    _check_times(*_TIMES, "teams_until")


def _check_times(*names: str) -> None:
    op.drop_constraint(op.f("ck_assignments_times"), "assignments")
    years = " AND ".join(f"{name} {_YEARS}" for name in names)
    op.create_check_constraint(op.f("ck_assignments_times"), "assignments", years)


def _moment(name: str) -> sa.Column[datetime]:
    at = sa.DateTime(timezone=True)
    return sa.Column(name, at, server_default=sa.text("now()"), nullable=False)


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        _moment("made_at"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("assignment_id", "title"),
        sa.UniqueConstraint("id", "assignment_id"),
    )
    op.create_table(
        "team_members",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id", "assignment_id"], ["teams.id", "teams.assignment_id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assignment_id", "user_id"),
    )
    op.create_index("ix_team_members_user_id", "team_members", ["user_id"])
    op.create_index("ix_team_members_team_id", "team_members", ["team_id"])


def _invitations() -> None:
    op.create_table(
        "team_invitations",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        _moment("invited_at"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["invited_by_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("team_id", "user_id"),
    )
    op.create_index("ix_team_invitations_user_id", "team_invitations", ["user_id"])


def _members() -> None:
    op.create_table(
        "attempt_members",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("submission_id", "user_id"),
    )
    op.execute(
        "INSERT INTO attempt_members (submission_id, user_id, assignment_id)"
        " SELECT id, user_id, assignment_id FROM submissions WHERE kind = 'attempt'"
    )
    op.create_index("ix_attempt_members_user_id", "attempt_members", ["user_id"])
    op.create_index("ix_attempt_members_grade", "attempt_members", ["assignment_id", "user_id"])
    op.add_column("submissions", sa.Column("team_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_submissions_team_id_teams"), "submissions", "teams", ["team_id"], ["id"]
    )
    op.create_index("ix_submissions_team_id", "submissions", ["team_id"])


def _extensions(whose: str) -> None:
    op.add_column("extensions", sa.Column("team_id", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_extensions_team_id_teams"),
        *("extensions", "teams", ["team_id"], ["id"]),
        ondelete="CASCADE",
    )
    op.create_index("ix_extensions_team_id", "extensions", ["team_id"])
    op.create_unique_constraint("uq_extensions_team", "extensions", ["assignment_id", "team_id"])
    op.drop_constraint(op.f("ck_extensions_whose"), "extensions")
    op.create_check_constraint(op.f("ck_extensions_whose"), "extensions", whose)


def downgrade() -> None:
    """Take it back to the one before.

    What a team handed in counts for whoever sent it, and for nobody else any more; teams, their
    invitations and their extensions are gone. Lateness stays as it was measured.
    """
    op.execute(_FOLLOW_NO_MORE)
    op.execute(_KEEP.format(whose=_OF_ONE))
    op.execute("SELECT keep_grade(assignment_id, user_id) FROM grades")
    op.execute("DELETE FROM extensions WHERE team_id IS NOT NULL")
    op.drop_constraint(op.f("ck_extensions_whose"), "extensions")
    op.drop_column("extensions", "team_id")
    op.create_check_constraint(
        op.f("ck_extensions_whose"), "extensions", "(user_id IS NULL) <> (section_id IS NULL)"
    )
    op.drop_column("submissions", "team_id")
    op.drop_table("attempt_members")
    op.drop_table("team_invitations")
    op.drop_table("team_members")
    op.drop_table("teams")
    _check_times(*_TIMES)
    op.drop_constraint(op.f("ck_assignments_team_size"), "assignments")
    for name in ("team_size", "students_form_teams", "teams_until"):
        op.drop_column("assignments", name)
