"""lateness costs points; attempts a day and a pause between them; which attempt counts, again"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_AFTER_LATENESS = """
CREATE FUNCTION after_lateness(score double precision, share double precision,
  points double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN score IS NOT NULL THEN greatest(score * (1 - share) - points, 0) END
$$
"""
_KEEP = """
CREATE OR REPLACE FUNCTION keep_grade(of_assignment integer, of_user integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE counting submissions%ROWTYPE; number integer; progress integer; latest timestamptz;{names}
BEGIN
  INSERT INTO grades (assignment_id, user_id) VALUES (of_assignment, of_user)
    ON CONFLICT DO NOTHING;
  -- Of two verdicts at once, the later one looks when the earlier one is committed.
  {hold} FROM grades WHERE assignment_id = of_assignment AND user_id = of_user
    FOR NO KEY UPDATE;
  SELECT s.* INTO counting FROM submissions s JOIN assignments a ON a.id = s.assignment_id
    WHERE s.assignment_id = of_assignment AND s.user_id = of_user AND s.kind = 'attempt'
    ORDER BY (s.score IS NOT NULL) DESC,{order}
      CASE WHEN a.counts = 'latest' THEN s.attempt END DESC NULLS LAST,
      s.attempt
    LIMIT 1;
  SELECT count(*), max(s.submitted_at),
      max(s.attempt) - coalesce((array_agg(s.attempt ORDER BY s.score DESC, s.attempt)
        FILTER (WHERE s.score IS NOT NULL))[1], 0)
    INTO number, latest, progress FROM submissions s
    WHERE s.assignment_id = of_assignment AND s.user_id = of_user AND s.kind = 'attempt';
  UPDATE grades SET submission_id = counting.id, score = counting.score,{lateness}
      submitted_at = counting.submitted_at, attempts = number,
      since_best = coalesce(progress, 0), last_at = latest,
      remarks = CASE jsonb_typeof(counting.remarks)
        WHEN 'array' THEN jsonb_array_length(counting.remarks) ELSE 0 END
    WHERE assignment_id = of_assignment AND user_id = of_user;
END $$
"""
_OLD_ORDER = "\n      CASE WHEN a.counts = 'best' THEN s.score END DESC NULLS LAST,"
_ORDER = """
      (a.counts = 'chosen' AND s.id IS NOT DISTINCT FROM chosen) DESC,
      (a.counts = 'best on time' AND s.late),
      CASE WHEN a.counts <> 'latest' THEN s.counted END DESC NULLS LAST,"""
_LATENESS = """
      late = coalesce(counting.late, false), late_share = coalesce(counting.late_share, 0),
      late_points = coalesce(counting.late_points, 0),"""
_TRIGGER = """
CREATE TRIGGER grade_of_changed AFTER UPDATE OF {columns} ON submissions
  FOR EACH ROW WHEN (NEW.kind = 'attempt' AND ({new}) IS DISTINCT FROM ({old}))
  EXECUTE FUNCTION keep_grade_of_attempt()
"""
_RULE_TRIGGER = """
CREATE TRIGGER grades_of_changed AFTER UPDATE OF counts ON assignments FOR EACH ROW
  WHEN (NEW.counts IS DISTINCT FROM OLD.counts) EXECUTE FUNCTION keep_grades_of_assignment()
"""
_CHOSEN = """
CREATE FUNCTION keep_grade_of_choice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM keep_grade(NEW.assignment_id, NEW.user_id);
  RETURN NULL;
END $$;
CREATE TRIGGER grade_of_choice AFTER UPDATE OF chosen_id ON grades
  FOR EACH ROW WHEN (NEW.chosen_id IS DISTINCT FROM OLD.chosen_id)
  EXECUTE FUNCTION keep_grade_of_choice();
"""
_WATCHED = ("score", "remarks", "kind", "submitted_at")
_MARK = """
UPDATE submissions s SET late = true
  FROM assignments a LEFT JOIN grades g ON g.assignment_id = a.id
  WHERE s.assignment_id = a.id AND s.user_id = g.user_id AND s.kind = 'attempt'
    AND s.submitted_at > a.due_at AND NOT g.on_time
"""


def _number(
    name: str, kind: type[sa.types.TypeEngine[float]] | type[sa.Integer]
) -> sa.Column[float]:
    return sa.Column(name, kind(), nullable=False, server_default=sa.text("0"))


def upgrade() -> None:
    """Bring the database to this revision."""
    _rules()
    op.execute(_AFTER_LATENESS)
    for table in ("submissions", "grades"):
        op.add_column(
            table, sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )
        for name in ("late_share", "late_points"):
            op.add_column(table, _number(name, sa.Float))
    op.execute(
        "ALTER TABLE submissions ADD COLUMN counted double precision"
        " GENERATED ALWAYS AS (after_lateness(score, late_share, late_points)) STORED"
    )
    op.add_column("grades", sa.Column("chosen_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_grades_chosen_id_submissions"),
        *("grades", "submissions", ["chosen_id"], ["id"]),
        ondelete="SET NULL",
    )
    op.create_index("ix_grades_chosen_id", "grades", ["chosen_id"])
    names, hold = " chosen uuid;", "SELECT chosen_id INTO chosen"
    op.execute(_KEEP.format(names=names, hold=hold, order=_ORDER, lateness=_LATENESS))
    _watch(*_WATCHED, "late", "late_share", "late_points")
    op.execute(_CHOSEN)
    op.execute(_MARK)


def _rules() -> None:
    op.add_column("assignments", sa.Column("attempts_a_day", sa.Integer(), nullable=True))
    for name in ("pause_minutes", "grace_minutes"):
        op.add_column("assignments", _number(name, sa.Integer))
    op.add_column("assignments", _number("late_amount", sa.Float))
    for name, usual, all_ in (
        ("unit", "percent", "'percent', 'points'"),
        ("per", "day", "'day', 'hour', 'once'"),
    ):
        column = sa.Column(f"late_{name}", sa.String(16), nullable=False, server_default=usual)
        op.add_column("assignments", column)
        op.create_check_constraint(op.f(f"ck_assignments_{name}"), "assignments",
                                   f"late_{name} IN ({all_})")  # fmt: skip
    op.add_column("assignments", sa.Column("late_cap", sa.Float(), nullable=True))
    op.create_check_constraint(
        op.f("ck_assignments_counts"),
        "assignments",
        "counts IN ('best', 'latest', 'best on time', 'chosen')",
    )
    op.create_check_constraint(
        op.f("ck_assignments_late"),
        "assignments",
        "late_amount >= 0 AND (late_cap IS NULL OR late_cap >= 0)",
    )
    op.create_check_constraint(
        op.f("ck_assignments_limits"),
        "assignments",
        "grace_minutes >= 0 AND pause_minutes >= 0 AND attempts_a_day > 0",
    )
    _retype_counts(sa.String(16))


def _retype_counts(kind: sa.String) -> None:
    """Give the column another type; Postgres has a trigger on it made anew for that."""
    op.execute("DROP TRIGGER grades_of_changed ON assignments")
    op.alter_column("assignments", "counts", type_=kind)
    op.execute(_RULE_TRIGGER)


def _watch(*columns: str) -> None:
    """Have the grade follow these columns of an attempt."""
    op.execute("DROP TRIGGER grade_of_changed ON submissions")
    new, old = (", ".join(f"{which}.{name}" for name in columns) for which in ("NEW", "OLD"))
    op.execute(_TRIGGER.format(columns=", ".join(columns), new=new, old=old))


def downgrade() -> None:
    """Take it back to the one before; what counted by a newer rule counts as the best."""
    op.drop_constraint(op.f("ck_assignments_counts"), "assignments")
    _retype_counts(sa.String())
    op.execute("UPDATE assignments SET counts = 'best' WHERE counts <> 'latest'")
    op.execute("DROP TRIGGER grade_of_choice ON grades")
    op.execute("DROP FUNCTION keep_grade_of_choice")
    _watch(*_WATCHED)
    op.execute(_KEEP.format(names="", hold="PERFORM 1", order=_OLD_ORDER, lateness=""))
    op.execute("SELECT keep_grade(assignment_id, user_id) FROM grades")
    op.drop_column("submissions", "counted")
    for table in ("submissions", "grades"):
        for name in ("late", "late_share", "late_points"):
            op.drop_column(table, name)
    op.drop_column("grades", "chosen_id")
    op.execute("DROP FUNCTION after_lateness")
    for name in ("late", "limits", "unit", "per"):
        op.drop_constraint(op.f(f"ck_assignments_{name}"), "assignments")
    names = ("attempts_a_day", "pause_minutes", "grace_minutes", "late_amount", "late_unit")
    for name in (*names, "late_per", "late_cap"):
        op.drop_column("assignments", name)
