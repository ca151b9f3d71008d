"""Owns assignments: which exercises, for how many points, until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.errors import Unprocessable
from app.grading.rules import lateness, terms
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.identity.spelling import spelt
from app.infrastructure.remembering import remembered
from app.models import (
    Assignment,
    AssignmentExercise,
    Course,
    Trials,
    Via,
)
from app.teaching.drafts import Draft
from app.timing.counting import Counts
from app.timing.late import Per, Unit
from app.visibility.rules import Meanwhile, When

_PLAIN = [
    *("statement", "published", "opens_at", "due_at", "closes_at", "max_attempts"),
    *("attempts_a_day", "pause_minutes", "grace_minutes", "late_amount", "late_cap"),
    *("late_days", "none_counts_once", "hints_in_steps"),
    *("team_size", "students_form_teams", "teams_until"),
]


def save(
    session: Session, actor: Actor, course_id: int, draft: Draft, assignment_id: int | None = None
) -> Assignment:
    """Make or change an assignment; raises Unprocessable with the errors by field.

    What was handed in is as late as the new rules say.
    """
    permissions.course(session, actor, course_id, Right.MANAGE)
    if assignment_id is None:
        return _apply(session, Assignment(course_id=course_id, exercises=[]), draft, actor)
    terms.hold(session, assignment_id, to_change=True)
    assignment = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    rules = assignment.terms
    changed = _apply(session, assignment, draft, actor)
    if rules != changed.terms:
        lateness.follow(session, changed)
    return changed


def lock(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """An assignment as it is now, which nobody else changes until the commit, to be changed.

    Raises NotFound, Forbidden.
    """
    terms.hold(session, assignment_id, to_change=True)
    found = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    session.refresh(found, with_for_update={"key_share": True})
    session.refresh(found, ["exercises"])
    session.refresh(found.course)  # its form is read in the course's time zone
    return found


def copied_into(session: Session, actor: Actor, course: Course, draft: Draft) -> Assignment:
    """Make an assignment in a course that the actor is just making; raises as `save` does."""
    return _apply(session, Assignment(course_id=course.id, exercises=[]), draft, actor)


def create(session: Session, course_id: int, draft: Draft) -> Assignment:
    """Make an assignment on the operator's own authority (the command line)."""
    return _apply(session, Assignment(course_id=course_id, exercises=[]), draft, Via.COMMAND)


def publish(session: Session, actor: Actor, assignment_id: int) -> Assignment:
    """Have students see an assignment; nothing else changes. Raises NotFound, Forbidden."""
    assignment = lock(session, actor, assignment_id)
    return _apply(session, assignment, replace(Draft.of(assignment), published=True), actor)


def unsaved(course: Course, draft: Draft) -> Assignment:
    """What an assignment would be that is made of a draft, to be looked at; it is not stored."""
    made = Assignment(exercises=[], course=course)
    _fill(made, draft)
    return made


def _apply(session: Session, assignment: Assignment, draft: Draft, who: Actor | Via) -> Assignment:
    draft.require_right()
    _require_free(session, assignment, draft)
    before = None if assignment.id is None else Draft.of(assignment).facts()
    _fill(assignment, draft)
    session.add(assignment)
    session.flush()
    _record(session, who, assignment, before)
    return assignment


def _require_free(session: Session, assignment: Assignment, draft: Draft) -> None:
    """Raise Unprocessable where another assignment has the external id, or gets it just now."""
    wanted = spelt(draft.external_id.strip()) or None
    if wanted in (None, assignment.external_id):
        return
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"external id {wanted}"))))
    if session.scalar(select(Assignment.id).where(Assignment.external_id == wanted)) is not None:
        said = f"Another assignment has the external id {wanted}."
        raise Unprocessable(f"Nothing was saved. {said}", errors={"external_id": said})


def _fill(assignment: Assignment, draft: Draft) -> None:
    for name in _PLAIN:
        setattr(assignment, name, getattr(draft, name))
    assignment.title = draft.title.strip()
    assignment.external_id = spelt(draft.external_id.strip()) or None
    assignment.trials, assignment.counts = Trials(draft.trials), Counts(draft.counts)
    assignment.late_unit, assignment.late_per = Unit(draft.late_unit), Per(draft.late_per)
    assignment.rubric = dict(draft.rubric) if draft.rubric else None
    hidden = {part: when for part, when in draft.shown.items() if when != When.AT_ONCE}
    assignment.shown, assignment.meanwhile = hidden, Meanwhile(draft.meanwhile)
    known = {exercise.slug: exercise for exercise in assignment.exercises}
    assignment.exercises = [
        known.get(slug) or AssignmentExercise(slug=slug) for slug in draft.points
    ]
    for position, exercise in enumerate(assignment.exercises):
        exercise.position, exercise.points = position, float(draft.points[exercise.slug])


def _record(
    session: Session, who: Actor | Via, assignment: Assignment, before: audit.Facts | None
) -> None:
    """Log what was made of an assignment, if anything was."""
    after = Draft.of(assignment).facts()
    if before is None:
        audit.record(session, who, Action.ASSIGNMENT_MADE, assignment=assignment, after=after)
    elif before != after:
        was, is_now = audit.difference(before, after)
        audit.record(
            session,
            who,
            Action.ASSIGNMENT_CHANGED,
            assignment=assignment,
            before=was,
            after=is_now,
        )


def version(assignment: Assignment) -> str:
    """What a form that changes an assignment is filled in from; releasing its results is none."""
    rows = versions.of(assignment, *assignment.exercises, but=["released_at"])
    return versions.of_facts({"rows": rows, "zone": assignment.course.timezone})


def of_course(session: Session, actor: Actor, course_id: int) -> list[Assignment]:
    """The course's assignments by due date; unpublished ones only for those who teach."""
    rights = permissions.require(session, actor, Right.SEE, course_id)
    found = all_of(session, course_id)
    return found if Right.SEE_GRADEBOOK in rights else [one for one in found if one.published]


def all_of(session: Session, course_id: int) -> list[Assignment]:
    """Every assignment of a course by due date, without asking who may see it."""
    return list(_all_of(session, course_id))


@remembered
def _all_of(session: Session, course_id: int) -> Sequence[Assignment]:
    return session.scalars(_BY_DUE_DATE, {"course_id": course_id}).all()


_BY_DUE_DATE = (
    select(Assignment)
    .where(Assignment.course_id == bindparam("course_id"))
    .order_by(Assignment.due_at.asc().nulls_last(), Assignment.id)
)
