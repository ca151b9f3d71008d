"""webhooks: endpoints, an outbox that triggers write, deliveries with a log"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0039"
down_revision: str | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TELL = """
CREATE FUNCTION webhooks_wanted(what text, of_course integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM webhook_endpoints e WHERE e.enabled AND what = ANY (e.events)
    AND (e.course_id IS NULL OR e.course_id = of_course))
$$;
CREATE FUNCTION tell_webhooks(what text, of_assignment integer, of_user integer,
  of_submission uuid, said jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE told bigint;
BEGIN
  INSERT INTO webhook_events (type, assignment_id, user_id, submission_id, facts)
    VALUES (what, of_assignment, of_user, of_submission, said) RETURNING id INTO told;
  INSERT INTO webhook_deliveries (event_id, endpoint_id)
    SELECT told, e.id FROM webhook_endpoints e JOIN assignments a ON a.id = of_assignment
    WHERE e.enabled AND what = ANY (e.events)
      AND (e.course_id IS NULL OR e.course_id = a.course_id)
    -- One that is being deleted must neither fail any grading nor have it wait.
    ORDER BY e.id FOR KEY SHARE OF e SKIP LOCKED;
END $$;
"""
_SUBMISSIONS = """
CREATE FUNCTION tell_of_submission() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE what text := 'submission.' || NEW.status; course integer; last text;
BEGIN
  SELECT course_id INTO course FROM assignments WHERE id = NEW.assignment_id;
  IF NOT webhooks_wanted(what, course) THEN RETURN NULL; END IF;
  IF TG_OP = 'UPDATE' AND OLD.kind = NEW.kind
    AND (OLD.score, OLD.max_score) IS NOT DISTINCT FROM (NEW.score, NEW.max_score) THEN
    -- Graded again with the same score: of that nobody is told, unless it failed meanwhile.
    SELECT type INTO last FROM webhook_events WHERE submission_id = NEW.id
      AND type IN ('submission.graded', 'submission.failed') ORDER BY id DESC LIMIT 1;
    IF what = 'submission.graded' AND last IS DISTINCT FROM 'submission.failed' THEN
      RETURN NULL;
    END IF;
  END IF;
  PERFORM tell_webhooks(what, NEW.assignment_id, NEW.user_id, NEW.id, jsonb_build_object(
    'attempt', NEW.attempt, 'status', NEW.status, 'late', NEW.late,
    'score', CASE WHEN NEW.status = 'graded' THEN NEW.score END,
    'max_score', NEW.max_score));
  RETURN NULL;
END $$;
CREATE TRIGGER announce_added AFTER INSERT ON submissions FOR EACH ROW
  WHEN (NEW.kind = 'attempt' AND NEW.status IN ('graded', 'failed'))
  EXECUTE FUNCTION tell_of_submission();
CREATE TRIGGER announce_changed AFTER UPDATE OF status, score, max_score, kind ON submissions
  FOR EACH ROW WHEN (NEW.kind = 'attempt' AND NEW.status IN ('graded', 'failed') AND
    (NEW.status, NEW.score, NEW.max_score, NEW.kind)
    IS DISTINCT FROM (OLD.status, OLD.score, OLD.max_score, OLD.kind))
  EXECUTE FUNCTION tell_of_submission();
"""
_GRADES = """
CREATE FUNCTION grade_that_counts(grade grades) RETURNS double precision LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN grade.given IS NOT NULL THEN grade.given
    ELSE after_lateness(CASE WHEN grade.given_by_exercise = '{}' THEN grade.score ELSE
      (SELECT coalesce(sum(r.score), 0) FROM exercise_results r
        WHERE r.submission_id = grade.submission_id
          AND NOT jsonb_exists(grade.given_by_exercise, r.slug)) +
      (SELECT coalesce(sum((grade.given_by_exercise ->> e.slug)::double precision), 0)
        FROM assignment_exercises e WHERE e.assignment_id = grade.assignment_id)
      END, grade.late_share, grade.late_points) END
$$;
CREATE FUNCTION tell_grade(grade grades) RETURNS void LANGUAGE plpgsql AS $$
DECLARE said jsonb;
BEGIN
  IF NOT webhooks_wanted('grade.changed', (SELECT course_id FROM assignments
    WHERE id = grade.assignment_id)) THEN RETURN; END IF;
  said := jsonb_build_object('score', grade_that_counts(grade), 'excused', grade.excused,
    'changed_by_hand', grade.given IS NOT NULL OR grade.given_by_exercise <> '{}',
    'max_score', (SELECT sum(points) FROM assignment_exercises
      WHERE assignment_id = grade.assignment_id));
  -- A transaction that changes a grade in several steps tells of it once, as it is at the end.
  UPDATE webhook_events SET facts = said, submission_id = grade.submission_id
    WHERE type = 'grade.changed' AND assignment_id = grade.assignment_id
      AND user_id = grade.user_id AND xmin = pg_current_xact_id()::xid;
  IF NOT FOUND THEN
    PERFORM tell_webhooks(
      'grade.changed', grade.assignment_id, grade.user_id, grade.submission_id, said);
  END IF;
END $$;
CREATE FUNCTION tell_of_grade() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- What an exercise had before is not there any more, so of those it is told at sight.
  IF NEW.given_by_exercise <> '{}' OR OLD.given_by_exercise <> '{}'
    OR NEW.excused <> OLD.excused
    OR grade_that_counts(NEW) IS DISTINCT FROM grade_that_counts(OLD)
  THEN PERFORM tell_grade(NEW); END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION tell_of_exercises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tell_grade(g) FROM grades g
    WHERE g.submission_id = NEW.id AND g.given_by_exercise <> '{}' AND g.given IS NULL;
  RETURN NULL;
END $$;
CREATE FUNCTION tell_of_points() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of integer := coalesce(NEW.assignment_id, OLD.assignment_id); course integer; held grades;
BEGIN
  SELECT course_id INTO course FROM assignments WHERE id = of;  -- none where all of it is deleted
  IF NOT FOUND OR NOT webhooks_wanted('grade.changed', course) THEN RETURN NULL; END IF;
  FOR held IN SELECT * FROM grades WHERE assignment_id = of
    AND (score IS NOT NULL OR given IS NOT NULL OR given_by_exercise <> '{}')
    ORDER BY user_id FOR NO KEY UPDATE  -- so that a later change of one is told of later
  LOOP PERFORM tell_grade(held); END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER announce_points AFTER INSERT OR DELETE OR UPDATE OF points, slug
  ON assignment_exercises FOR EACH ROW EXECUTE FUNCTION tell_of_points();
CREATE TRIGGER announce_changed AFTER UPDATE OF submission_id, score, late_share, late_points,
  given, given_by_exercise, excused ON grades FOR EACH ROW
  WHEN ((NEW.score, NEW.late_share, NEW.late_points, NEW.given, NEW.given_by_exercise, NEW.excused)
    IS DISTINCT FROM
    (OLD.score, OLD.late_share, OLD.late_points, OLD.given, OLD.given_by_exercise, OLD.excused)
    OR NEW.given_by_exercise <> '{}' AND NEW.submission_id IS DISTINCT FROM OLD.submission_id)
  EXECUTE FUNCTION tell_of_grade();
CREATE TRIGGER announce_exercises AFTER UPDATE OF graded_at ON submissions FOR EACH ROW
  WHEN (NEW.kind = 'attempt' AND NEW.graded_at IS DISTINCT FROM OLD.graded_at
    AND NEW.score = OLD.score)
  EXECUTE FUNCTION tell_of_exercises();
"""
_FORGET = """
DROP TRIGGER announce_points ON assignment_exercises;
DROP TRIGGER announce_exercises ON submissions;
DROP TRIGGER announce_changed ON grades;
DROP TRIGGER announce_changed ON submissions;
DROP TRIGGER announce_added ON submissions;
DROP FUNCTION tell_of_points;
DROP FUNCTION tell_of_exercises;
DROP FUNCTION tell_of_grade;
DROP FUNCTION tell_grade;
DROP FUNCTION grade_that_counts;
DROP FUNCTION tell_of_submission;
DROP FUNCTION tell_webhooks;
DROP FUNCTION webhooks_wanted;
"""
_AT = sa.DateTime(timezone=True)
_RANDOM = sa.text("gen_random_uuid()")


def _moment(name: str, otherwise: str = "now()") -> sa.Column[datetime]:
    return sa.Column(name, _AT, server_default=sa.text(otherwise), nullable=False)


def _number(name: str, otherwise: str = "0") -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(otherwise), nullable=False)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=sa.text("''"), nullable=False)


def upgrade() -> None:
    """Bring the database to this revision; nothing is told of what happened before."""
    _endpoints()
    _events()
    _deliveries()
    op.create_table(
        "told_closings",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("told_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.execute(
        "INSERT INTO told_closings SELECT id, now() FROM assignments WHERE closes_at <= now()"
    )
    for statements in (_TELL, _SUBMISSIONS, _GRADES):
        op.execute(statements)


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.Uuid(), server_default=_RANDOM, nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _words("disabled_because"),
        _number("secret_number", "1"),
        sa.Column("old_secret_until", _AT, nullable=True),
        _number("failures"),
        sa.Column("is_slow", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        _moment("made_at"),
        sa.CheckConstraint("cardinality(events) > 0", name=op.f("ck_webhook_endpoints_events")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhook_endpoints_course_id", "webhook_endpoints", ["course_id"])


def _events() -> None:
    facts = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.Uuid(), server_default=_RANDOM, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        _moment("at", "clock_timestamp()"),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("facts", facts, server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )
    op.create_index("ix_webhook_events_submission", "webhook_events", ["submission_id", "id"])
    grade = ["assignment_id", "user_id", "id"]
    op.create_index("ix_webhook_events_grade", "webhook_events", grade)
    op.create_index("ix_webhook_events_at", "webhook_events", ["at"])


def _deliveries() -> None:
    states = "state IN ('waiting', 'delivered', 'failed')"
    waiting = sa.text("state = 'waiting'")
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        _moment("due_at"),
        _number("tries"),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", _AT, nullable=True),
        sa.Column("settled_at", _AT, nullable=True),
        sa.CheckConstraint(states, name=op.f("ck_webhook_deliveries_deliverystate")),
        sa.ForeignKeyConstraint(["event_id"], ["webhook_events.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["endpoint_id"], ["webhook_endpoints.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    table = "webhook_deliveries"
    both = ["event_id", "endpoint_id"]
    op.create_index("uq_webhook_deliveries_event", table, both, unique=True)
    op.create_index("ix_webhook_deliveries_log", table, ["endpoint_id", "id"])
    due = ["endpoint_id", "due_at"]
    op.create_index("ix_webhook_deliveries_waiting", table, due, postgresql_where=waiting)
    held = sa.text("lease IS NOT NULL")
    op.create_index("ix_webhook_deliveries_held", table, ["endpoint_id"], postgresql_where=held)
    op.create_table(
        "webhook_tries",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        _moment("at"),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        _words("said"),
        sa.ForeignKeyConstraint(["delivery_id"], ["webhook_deliveries.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_webhook_tries_delivery_id", "webhook_tries", ["delivery_id"])


def downgrade() -> None:
    """Take this revision back.

    Endpoints are gone, with what waits for them and with their log; nobody is told any more.
    """
    op.execute(_FORGET)
    for table in ("told_closings", "webhook_tries", "webhook_deliveries", "webhook_events"):
        op.drop_table(table)
    op.drop_table("webhook_endpoints")
