"""Owns copies: of an assignment, and of a whole course for its next term, with dates moved on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.identity import permissions, rights, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, AssignmentGroup, Base, Course, Enrolment, Role, User
from app.teaching import assignments, courses
from app.teaching.course_drafts import CourseDraft
from app.teaching.drafts import Draft
from app.teaching.teams import seats
from app.timing import moments

MOST_WEEKS = 520
_TIMES = ("opens_at", "due_at", "closes_at", "teams_until")
_OF_ITS_OWN = {"id", "created_at", "archived_at"}


def copy_assignment(
    session: Session,
    actor: Actor,
    assignment_id: int,
    *,
    weeks: int = 0,
    title: str | None = None,
    with_teams: bool = False,
) -> Assignment:
    """Make an assignment like this one in its course, not published yet, so many weeks later.

    Times stay the same on the clock, over a change to summer time too; teams go along
    `with_teams`. Raises NotFound, Forbidden, Unprocessable.
    """
    _check_weeks(weeks)
    source = permissions.assignment(session, actor, assignment_id, Right.MANAGE)
    said = title if title is not None else _copied_title(session, source)
    draft = replace(_later(Draft.of(source), weeks, source.course.timezone), title=said)
    made = assignments.save(session, actor, source.course_id, replace(draft, published=False))
    made.group_id = source.group_id
    session.flush()
    if with_teams:
        seats.copy(session, actor, source, made)
    return made


def copy_course(
    session: Session,
    actor: Actor,
    course_id: int,
    draft: CourseDraft,
    *,
    weeks: int = 0,
    with_staff: bool = True,
) -> Course:
    """Make a course with all assignments of this one, not published yet, so many weeks later.

    The actor teaches it; the other staff does `with_staff`. No student and no work goes along.
    An archived course can be copied, too. Raises NotFound, Forbidden, Unprocessable, Conflict.
    """
    _check_weeks(weeks)
    source = permissions.course(session, actor, course_id)
    permissions.require(session, actor, rights.managing(source), course_id)
    site_permissions.require_whole_site(actor)
    made = courses.add(session, draft.code, draft.title, draft.timezone, actor, term=draft.term)
    _copy_columns(source, made, set(CourseDraft.of(source).facts()))
    groups = _copy_groups(session, source, made)
    for one in assignments.all_of(session, course_id):
        later = _later(Draft.of(one), weeks, source.timezone)
        copy = assignments.copied_into(session, actor, made, replace(later, published=False))
        copy.group_id = groups.get(one.group_id or 0)
    _copy_staff(session, actor, source, made, with_staff=with_staff)
    session.flush()
    return made


def _check_weeks(weeks: int) -> None:
    if not 0 <= weeks <= MOST_WEEKS:
        raise Unprocessable(
            f"Weeks lie between 0 and {MOST_WEEKS}.", errors={"weeks": "out of range"}
        )


def _copied_title(session: Session, source: Assignment) -> str:
    """The title with a number behind it that no other assignment of the course has."""
    taken = {one.title for one in assignments.all_of(session, source.course_id)}
    numbers = (f" ({number})" for number in range(2, len(taken) + 3))
    titles = (source.title[: 200 - len(number)] + number for number in numbers)
    return next(title for title in titles if title not in taken)


def _later(draft: Draft, weeks: int, zone: str) -> Draft:
    """The same so many weeks later; what an LMS calls it is its own."""
    times: dict[str, datetime | None] = {}
    for name in _TIMES:
        moment: datetime | None = getattr(draft, name)
        times[name] = moment and moments.days_after(moment, 7 * weeks, zone)
    return replace(draft, external_id="", **times)  # type: ignore[arg-type]


def _copy_columns(source: Base, made: Base, besides: Iterable[str]) -> None:
    """Give a row what another has, but for what is its own."""
    names = {column.key for column in inspect(source).mapper.column_attrs}
    for name in names - set(besides) - _OF_ITS_OWN:
        setattr(made, name, getattr(source, name))


def _copy_groups(session: Session, source: Course, made: Course) -> dict[int, int]:
    """Give a course the groups of another; the new group by the number of the old one."""
    rows = select(AssignmentGroup).where(AssignmentGroup.course_id == source.id)
    pairs = []
    for one in session.scalars(rows):
        copy = AssignmentGroup(course_id=made.id)
        _copy_columns(one, copy, {"course_id"})
        session.add(copy)
        pairs.append((one, copy))
    session.flush()
    return {one.id: copy.id for one, copy in pairs}


def _copy_staff(
    session: Session, actor: Actor, source: Course, made: Course, *, with_staff: bool
) -> None:
    staff = (
        select(Enrolment)
        .join(Enrolment.user)
        .where(Enrolment.course_id == source.id, Enrolment.active, User.active)
        .where(Enrolment.role != Role.STUDENT)
    )
    roles = {one.user_id: one for one in session.scalars(staff)}
    if actor.user.id in roles:
        courses.enrol(session, made, actor.person, Role.INSTRUCTOR, actor)
    for user_id, one in roles.items():
        if with_staff and user_id != actor.user.id:
            courses.enrol(session, made, one.user, one.role, actor)
