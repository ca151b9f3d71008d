"""Owns asking for an export in the background, what became of it, and fetching it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from app import audit
from app.audit import Action
from app.errors import Conflict, NotFound
from app.exports.prepared.wanted import Wanted
from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.rights import SCOPES
from app.infrastructure import queue
from app.infrastructure.clock import now
from app.models import (
    Account,
    Assignment,
    Enrolment,
    Export,
    ExportPart,
    Kind,
    Role,
    Submission,
)

KEPT = timedelta(days=1)
_FORGET = (
    delete(Export)
    .where(Export.asked_at < func.now() - KEPT)
    .execution_options(synchronize_session=False)
)
MOST_DIRECT = 2_000
"""Hand-ins, or grades, that are sent as they are read: a few seconds' work."""
MOST_AT_ONCE = 3
"""Of one person's, that are being made."""
MOST_KEPT = 6
"""Of one person's, made or not: each may be a copy of all that was handed in."""


def what_is_long(session: Session, course_id: int) -> set[str]:
    """Which kinds of export take so long that nobody should wait for them."""
    here = Assignment.course_id == course_id
    attempts = (
        select(func.count())
        .select_from(Submission)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(here, Submission.kind == Kind.ATTEMPT)
    )
    enrolled = select(func.count()).where(
        Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT
    )
    sheets = select(func.count(Assignment.id)).where(here)
    students, of_each = session.scalar(enrolled) or 0, session.scalar(sheets) or 0
    numbers = {"hand-ins": session.scalar(attempts) or 0, "grades": students * of_each}
    return {what for what, number in numbers.items() if number > MOST_DIRECT}


def ask(session: Session, actor: Actor, course_id: int, wanted: Wanted) -> Export:
    """Have an export made; who asks again while it is being made gets the same one.

    Raises NotFound, Forbidden, Conflict where enough of that person's are being made or kept.
    """
    course = permissions.course(session, actor, course_id, wanted.right)
    items = wanted.items(session, actor, course_id)
    session.execute(
        select(Account.id).where(Account.id == actor.user.id).with_for_update(key_share=True)
    )
    kept = _of(session, actor)
    made = [one for one in kept if not one.is_settled]
    same = (one for one in made if (one.course_id, one.what) == (course.id, wanted.facts()))
    if known := next(same, None):
        return known
    if len(made) >= MOST_AT_ONCE:
        raise Conflict(
            f"{MOST_AT_ONCE} exports of yours are being made, so no other was begun. Wait for one "
            "of them, or delete it."
        )
    if len(kept) >= MOST_KEPT:
        raise Conflict(
            f"{MOST_KEPT} exports of yours are kept, so no other was begun. Delete one that you "
            "have saved."
        )
    export = Export(
        id=uuid.uuid4(),
        course_id=course.id,
        asked_by_id=actor.user.id,
        what=wanted.facts(),
        items=items,
        number=len(items),
    )
    session.add(export)
    session.flush()
    audit.record(session, actor, Action.EXPORT, course_id=course.id, after=wanted.facts())
    queue.announce_committed(session, export.id)
    return export


def of_course(session: Session, actor: Actor, course_id: int) -> Sequence[Export]:
    """One's own of a course, the newest first. Raises NotFound, Forbidden."""
    permissions.course(session, actor, course_id)
    rights = permissions.rights_in(session, actor, course_id)
    may = {right for right in rights if actor.reaches(SCOPES[right])}
    theirs = [one for one in _of(session, actor) if one.course_id == course_id]
    return [one for one in theirs if Wanted.of(one.what).right in may]


def get(session: Session, actor: Actor, export_id: uuid.UUID) -> Export:
    """One's own, where one still may; raises NotFound, Forbidden."""
    found = next((one for one in _of(session, actor) if one.id == export_id), None)
    if found is None:
        raise NotFound("There is no such export. Exports are kept for a day, for who asked.")
    permissions.course(session, actor, found.course_id, Wanted.of(found.what).right)
    return found


def _of(session: Session, actor: Actor) -> Sequence[Export]:
    return session.scalars(
        select(Export)
        .where(Export.asked_by_id == actor.user.id, Export.asked_at >= now() - KEPT)
        .order_by(Export.asked_at.desc(), Export.id)
        .options(joinedload(Export.course))
    ).all()


def fetch(session: Session, actor: Actor, export_id: uuid.UUID) -> tuple[Export, Sequence[int]]:
    """An export that is made, and the numbers of its parts.

    Raises NotFound, Forbidden, Conflict before it is made.
    """
    export = get(session, actor, export_id)
    if export.finished_at is None:
        raise Conflict(
            "This export could not be made. Ask for it again."
            if export.failed_at
            else f"This export is being made: {export.done} of {export.number} are in it by now."
        )
    one = ExportPart
    numbers = select(one.number).where(one.export_id == export.id, ~one.aside).order_by(one.number)
    return export, session.scalars(numbers).all()


def part(session: Session, export_id: uuid.UUID, number: int) -> Sequence[bytes]:
    """One part of its content; none where the export was deleted meanwhile."""
    one = ExportPart
    found = select(one.content).where(one.export_id == export_id, one.number == number, ~one.aside)
    return session.scalars(found).all()


def remove(session: Session, actor: Actor, export_id: uuid.UUID) -> Export:
    """Delete an export, made or not; raises NotFound, Forbidden."""
    found = get(session, actor, export_id)
    audit.record(
        session, actor, Action.EXPORT_DELETED, course_id=found.course_id, before=found.what
    )
    session.delete(found)
    return found


def forget(session: Session) -> int:
    """Delete those whose day is over, and return how many they were."""
    done = session.execute(_FORGET)
    return int(done.rowcount)  # type: ignore[attr-defined]
