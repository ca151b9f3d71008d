"""Owns who comes before and after a student, so that a whole column can be gone through."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.gradebook import book
from app.models import User


@dataclass(frozen=True)
class Neighbours:
    """The students before and after one; `place` of `number` counts from 1, 0 for nowhere."""

    before: User | None
    after: User | None
    place: int
    number: int


def of(session: Session, course_id: int, user_id: int) -> Neighbours:
    """Who stands beside a student in the gradebook's order, by name."""
    everybody = [user for user, _ in session.execute(book.students(course_id, dropped=False))]
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
