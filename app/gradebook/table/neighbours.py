"""Owns who comes before and after a student, so that a whole column can be gone through."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.gradebook import book
from app.gradebook.table import view
from app.gradebook.table.view import View
from app.identity import permissions
from app.identity.authentication import Actor
from app.models import User


@dataclass(frozen=True)
class Neighbours:
    """The students before and after one; `place` of `number` counts from 1, 0 for nowhere."""

    before: User | None
    after: User | None
    place: int
    number: int


def of(session: Session, actor: Actor, course_id: int, user_id: int, look: View) -> Neighbours:
    """Who stands beside a student among those that are looked for in the gradebook."""
    if look.is_usual:
        seen = permissions.seen(permissions.rights_in(session, actor, course_id), actor, course_id)
        rows = book.students(course_id, dropped=False, seen=seen)
        everybody = [user for user, _ in session.execute(rows)]
    else:
        found = book.of_course(session, actor, course_id)
        everybody = [row.student for row in view.rows(found, look)]
    places = [place for place, user in enumerate(everybody) if user.id == user_id]
    if not places:
        return Neighbours(None, None, 0, len(everybody))
    place = places[0]
    return Neighbours(
        everybody[place - 1] if place else None,
        everybody[place + 1] if place + 1 < len(everybody) else None,
        place + 1,
        len(everybody),
    )
