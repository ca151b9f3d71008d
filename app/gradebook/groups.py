"""Owns groups of assignments: how much each weighs in a total, and how many lowest are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, versions
from app.audit import Action
from app.errors import Unprocessable
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Assignment, AssignmentGroup, Course
from app.models.field_limits import wrong_length
from app.teaching import assignments

MOST = 20


@dataclass(frozen=True)
class Draft:
    """What an instructor says of a group; `assignments` are the numbers of those in it."""

    title: str
    weight: float = 1.0
    dropped: int = 0
    assignments: tuple[int, ...] = ()

    def wrong(self) -> str | None:
        """What is wrong with it, if anything is."""
        if not self.title:
            return "Each group needs a title."
        if said := wrong_length("title", self.title):
            return said
        if not 0 <= self.weight <= 1000:
            return f"The weight of {self.title} lies between 0 and 1000."
        if not 0 <= self.dropped <= 100:
            return f"The number of grades that {self.title} drops lies between 0 and 100."
        return None


def of_course(session: Session, course_id: int) -> list[AssignmentGroup]:
    """A course's groups, in order."""
    rows = select(AssignmentGroup).where(AssignmentGroup.course_id == course_id)
    return list(session.scalars(rows.order_by(AssignmentGroup.position, AssignmentGroup.id)))


def drafts(session: Session, course_id: int, *, hidden: bool = True) -> list[Draft]:
    """A course's groups as they are; with assignments that are not published, where asked for."""
    members: dict[int | None, list[int]] = {}
    for one in assignments.all_of(session, course_id):
        if one.published or hidden:
            members.setdefault(one.group_id, []).append(one.id)
    return [
        Draft(group.title, group.weight, group.dropped, tuple(members.get(group.id, ())))
        for group in of_course(session, course_id)
    ]


def version(session: Session, course_id: int) -> str:
    """What a form that changes the groups is filled in from."""
    return versions.of_facts({"groups": drafts(session, course_id)})


def save(
    session: Session,
    actor: Actor,
    course_id: int,
    wanted: Sequence[Draft],
    *,
    seen: str | None = None,
) -> None:
    """Have just these groups in a course, in this order.

    `seen` is the version that they were made from. Raises NotFound, Forbidden, Unprocessable,
    Stale.
    """
    course = permissions.course(session, actor, course_id, Right.MANAGE)
    session.execute(select(Course.id).where(Course.id == course_id).with_for_update(key_share=True))
    before = drafts(session, course_id)
    versions.require_current(
        seen, version(session, course_id), "the groups of assignments", _said(before)
    )
    there = {one.id: one for one in assignments.all_of(session, course_id)}
    if wrong := _wrong(wanted, there):
        raise Unprocessable(f"Nothing was saved. {wrong}", errors={"groups": wrong})
    if list(wanted) == before:
        return
    _store(session, course_id, wanted, there)
    audit.record(
        session,
        actor,
        Action.GROUPS,
        course_id=course.id,
        before=_facts(before),
        after=_facts(wanted),
    )


def _wrong(wanted: Sequence[Draft], there: dict[int, Assignment]) -> str | None:
    if len(wanted) > MOST:
        return f"A course has {MOST} groups at most."
    if found := next(filter(None, (one.wrong() for one in wanted)), None):
        return found
    titles = [one.title.casefold() for one in wanted]
    if len(set(titles)) < len(titles):
        return "Two groups have the same title."
    if wanted and not sum(one.weight for one in wanted):
        return "Give at least one group a weight above 0."
    members = [number for one in wanted for number in one.assignments]
    if len(set(members)) < len(members):
        return "An assignment is in two groups."
    if unknown := set(members) - there.keys():
        return f"The course has no assignment {min(unknown)}."
    return None


def _store(
    session: Session, course_id: int, wanted: Sequence[Draft], there: dict[int, Assignment]
) -> None:
    """Change groups of the same title, make new ones, and take away what is left."""
    known = {group.title: group for group in of_course(session, course_id)}
    for assignment in there.values():
        assignment.group_id = None
    for position, draft in enumerate(wanted):
        group = known.pop(draft.title, None) or AssignmentGroup(course_id=course_id)
        group.title, group.position = draft.title, position
        group.weight, group.dropped = draft.weight, draft.dropped
        session.add(group)
        session.flush()
        for number in draft.assignments:
            there[number].group_id = group.id
    for group in known.values():
        session.delete(group)
    session.flush()


def _facts(found: Sequence[Draft]) -> dict[str, Any]:
    return {
        one.title: {
            "weight": one.weight,
            "dropped": one.dropped,
            "assignments": list(one.assignments),
        }
        for one in found
    }


def _said(found: Sequence[Draft]) -> str:
    if not found:
        return "By now there are none."
    return "By now they are: " + ", ".join(f"{one.title} ({one.weight:g})" for one in found) + "."
