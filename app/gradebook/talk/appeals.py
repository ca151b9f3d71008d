"""Owns appeals: a student asks for another look at a check, staff answer, both read all of it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app import audit
from app.audit import Action
from app.errors import Conflict, Forbidden, NotFound, Stale, Unprocessable
from app.gradebook import changes
from app.gradebook.changes import ByHand
from app.gradebook.talk.comments import required
from app.grading.rules import lateness, members, terms
from app.grading.showing import seen as sight
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.clock import now
from app.models import Appeal, Assignment, Comment, Outcome, StoredGrade


def of_grade(session: Session, assignment_id: int, user_id: int) -> list[Appeal]:
    """Somebody's appeals in an assignment, the newest first, for whoever may see them.

    One about a team's attempt is there for each for whom that counts.
    """
    shared = Appeal.submission_id.in_(members.attempts_of(user_id))
    is_theirs = (Appeal.user_id == user_id) | shared
    rows = select(Appeal).where(Appeal.assignment_id == assignment_id, is_theirs)
    said = joinedload(Appeal.comments).joinedload(Comment.author)
    return list(session.scalars(rows.options(said).order_by(Appeal.id.desc())).unique())


def of_course(
    session: Session,
    actor: Actor,
    course_id: int,
    *,
    closed: bool = False,
    beyond: int | None = None,
    limit: int = 200,
) -> list[Appeal]:
    """A course's open appeals, the oldest first, or those that are closed, the newest first.

    Those that come after the one of number `beyond`, where it is given. Raises NotFound, Forbidden.
    """
    permissions.course(session, actor, course_id, Right.SEE_GRADEBOOK)
    seen = permissions.seen(permissions.rights_in(session, actor, course_id), actor, course_id)
    order = Appeal.id.desc() if closed else Appeal.id
    rows = _of_course(course_id, seen, closed=closed).options(
        contains_eager(Appeal.assignment), joinedload(Appeal.user)
    )
    if beyond is not None:
        rows = rows.where(Appeal.id < beyond if closed else Appeal.id > beyond)
    return list(session.scalars(rows.order_by(order).limit(limit)))


def get(session: Session, actor: Actor, appeal_id: int) -> Appeal:
    """An appeal, if its attempt counts for the actor or they may see all work; raises NotFound."""
    found = session.get(Appeal, appeal_id)
    if found is None:
        raise NotFound("There is no such appeal.")
    users = members.users_of(session, [found.submission_id])[found.submission_id]
    if actor.user.id not in {found.user_id, *users}:
        permissions.of_student(session, actor, found.assignment_id, found.user_id)
    return found


def open_in(session: Session, actor: Actor, course_id: int) -> int:
    """How many appeals are open in a course, of those whose work the actor sees."""
    seen = permissions.seen(permissions.rights_in(session, actor, course_id), actor, course_id)
    rows = _of_course(course_id, seen, closed=False).with_only_columns(func.count(Appeal.id))
    return session.scalar(rows) or 0


def _of_course(course_id: int, seen: Select[int] | None, *, closed: bool) -> Select[Appeal]:
    is_closed = Appeal.outcome.is_not(None) if closed else Appeal.outcome.is_(None)
    rows = (
        select(Appeal)
        .join(Assignment, Assignment.id == Appeal.assignment_id)
        .where(Assignment.course_id == course_id, is_closed)
    )
    return rows if seen is None else rows.where(Appeal.user_id.in_(seen))


def open_one(
    session: Session, actor: Actor, assignment_id: int, exercise: str, check: str, text: str
) -> Appeal:
    """Ask for another look at an exercise, or a check of it, of the actor's attempt that counts.

    Raises NotFound, Forbidden, Conflict where one about this exercise is open, Unprocessable.
    """
    assignment = permissions.assignment(session, actor, assignment_id, Right.SUBMIT)
    counts = sight.counting(session, actor, assignment, actor.user.id)
    if counts is not None:
        members.hold_grades(session, assignment_id, [one.id for one in counts.members])
    results = {one.slug: one for one in counts.results} if counts else {}
    result = results.get(exercise)
    if counts is None or result is None:
        wrong = "Choose an exercise of the attempt that counts."
        raise Unprocessable(f"Nothing was sent. {wrong}", errors={"exercise": wrong})
    names = {str(one.get("name")) for one in result.report.get("checks", [])}
    if check and check not in names:
        wrong = "This exercise has no such check."
        raise Unprocessable(f"Nothing was sent. {wrong}", errors={"check": wrong})
    said = required(text)
    mine = of_grade(session, assignment_id, actor.user.id)
    if any(one.exercise == exercise and one.outcome is None for one in mine):
        raise Conflict("This exercise has been asked about already; add to what was written there.")
    made = Appeal(
        assignment_id=assignment_id,
        user_id=actor.user.id,
        submission_id=counts.id,
        exercise=exercise,
        check=check,
    )
    session.add(made)
    session.flush()
    _say(session, actor, made, said)
    _record(session, actor, assignment, made, Action.APPEAL, said)
    return made


def reply(
    session: Session,
    actor: Actor,
    appeal_id: int,
    text: str,
    *,
    withdraw: bool = False,
    known: int | None = None,
) -> Appeal:
    """The student adds something to an open appeal, or withdraws it.

    `known` is how many comments the student has seen there; what is sent again is said once.
    Raises NotFound, Forbidden, Conflict, Stale, Unprocessable.
    """
    appeal = _held(session, appeal_id)
    assignment = permissions.assignment(session, actor, appeal.assignment_id, Right.SUBMIT)
    if appeal.user_id != actor.user.id:
        raise NotFound("There is no such appeal.")
    said = required(text) if text.strip() or not withdraw else ""
    if _is_said(appeal, actor, said, known):
        return appeal
    _require_open(appeal)
    _require_known(appeal, known)
    if said:
        _say(session, actor, appeal, said)
    if withdraw:
        _close(appeal, Outcome.WITHDRAWN)
    _record(session, actor, assignment, appeal, Action.APPEAL_ANSWERED, said)
    session.flush()
    return appeal


def answer(
    session: Session,
    actor: Actor,
    appeal_id: int,
    text: str,
    *,
    points: float | None = None,
    stays_open: bool = False,
    seen: str | None = None,
    known: int | None = None,
) -> Appeal:
    """Staff answer an appeal: with other `points` for the exercise, without, or with a question.

    `seen` is the version of the grade that the actor has seen, `known` how many comments; what is
    sent again is said once. Raises NotFound, Forbidden, Conflict, Unprocessable, Stale.
    """
    appeal = _held(session, appeal_id)
    who = (appeal.assignment_id, appeal.user_id)
    assignment = permissions.of_student(session, actor, *who, Right.GRADE)
    if appeal.user_id == actor.user.id:
        raise Forbidden("Nobody answers their own appeal; ask somebody else who teaches here.")
    said = required(text)
    if _is_said(appeal, actor, said, known):
        return appeal
    _require_open(appeal)
    _require_known(appeal, known)
    if points is not None:
        _change(session, actor, appeal, points, said, seen)
    _say(session, actor, appeal, said)
    if points is not None:
        _close(appeal, Outcome.CHANGED)
    elif not stays_open:
        _close(appeal, Outcome.KEPT)
    _record(session, actor, assignment, appeal, Action.APPEAL_ANSWERED, said)
    session.flush()
    return appeal


def _change(
    session: Session, actor: Actor, appeal: Appeal, points: float, said: str, seen: str | None
) -> None:
    terms.hold(session, appeal.assignment_id, to_change=True)
    users = members.users_of(session, [appeal.submission_id])[appeal.submission_id]
    lateness.held(session, appeal.assignment_id, users)
    before = ByHand.of(session.get(StoredGrade, (appeal.assignment_id, appeal.user_id)))
    if before.score is not None:
        raise Conflict(
            "The whole score of this grade was set by hand; change it below, then answer here."
        )
    wanted = replace(before, exercises={**before.exercises, appeal.exercise: points})
    who = (appeal.assignment_id, appeal.user_id)
    changes.change(session, actor, *who, wanted, said, seen=seen)
    for user_id in users:
        if user_id not in (appeal.user_id, actor.user.id):
            _change_for_mate(session, actor, appeal, user_id, points, said)


def _change_for_mate(
    session: Session, actor: Actor, appeal: Appeal, user_id: int, points: float, said: str
) -> None:
    """Have the same points count for a member of the team, where this attempt counts for them.

    Whoever may answer the appeal may do so, whatever section the member is in. What was set by hand
    for them stays.
    """
    grade = session.get_one(StoredGrade, (appeal.assignment_id, user_id), populate_existing=True)
    before = ByHand.of(grade)
    is_set = before.score is not None or appeal.exercise in before.exercises
    if grade.submission_id == appeal.submission_id and not is_set:
        wanted = replace(before, exercises={**before.exercises, appeal.exercise: points})
        changes.change_along(session, actor, appeal.assignment, user_id, wanted, said)


def _held(session: Session, appeal_id: int) -> Appeal:
    """An appeal as it is now, which nobody else answers until the commit."""
    found = session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such appeal.")
    return found


def _require_open(appeal: Appeal) -> None:
    if appeal.outcome is not None:
        raise Conflict(
            "Nothing was sent: this appeal was closed meanwhile. What was said is below."
        )


def _is_said(appeal: Appeal, actor: Actor, said: str, known: int | None) -> bool:
    """Whether this very sending was taken before: it is what stands next to what was known."""
    if known is None or not said or len(appeal.comments) <= known:
        return False
    next_one = appeal.comments[known]
    return next_one.author_id == actor.user.id and next_one.text == said


def _require_known(appeal: Appeal, known: int | None) -> None:
    """Raise Stale where somebody has said something that was not on the page."""
    if known is not None and known < len(appeal.comments):
        raise Stale(
            "Somebody has written here meanwhile, so nothing was sent. What was said is below, and "
            "so is what you typed."
        )


def _close(appeal: Appeal, outcome: Outcome) -> None:
    appeal.outcome, appeal.closed_at = outcome, now()


def _say(session: Session, actor: Actor, appeal: Appeal, text: str) -> None:
    session.add(
        Comment(
            assignment_id=appeal.assignment_id,
            user_id=appeal.user_id,
            author_id=actor.user.id,
            submission_id=appeal.submission_id,
            appeal_id=appeal.id,
            text=text,
        )
    )


def _record(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    appeal: Appeal,
    action: Action,
    said: str,
) -> None:
    outcome = appeal.outcome.value if appeal.outcome else "open"
    audit.record(
        session,
        actor,
        action,
        assignment=assignment,
        user_id=appeal.user_id,
        submission_id=appeal.submission_id,
        after={"exercise": appeal.exercise, "check": appeal.check, "outcome": outcome},
        reason=said[:2000],
    )
