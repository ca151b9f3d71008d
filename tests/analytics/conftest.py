"""A class whose attempts show what the tests say, as grading leaves them behind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.models import Assignment, Course, Submission
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
SWAPPED = "the two gradients swapped"
SOURCE = b"""\
import torch

class Mul(torch.autograd.Function):  # written by Zoe Zander
    '''Zoe wrote this.'''
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        return dzdy * x1, dzdy * x2  # swapped


class Other:
    pass
"""


def shows(name: str | None, slug: str = "product", line: int | None = 6) -> dict[str, Any]:
    """The report of an exercise that shows a misconception, or none."""
    said = {"name": name, "hint": "", "pointer": ""} if name else None
    return {slug: {"diagnosis": said, "line": line}}


@dataclass
class Class_:
    """A course with students who are made as they hand in."""

    session: Session
    cast: Cast
    course: Course
    assignment: Assignment
    actor: Actor
    people: dict[str, Person] = field(default_factory=dict)

    def hands_in(
        self, name: str, share: float | None, day: float = 0, source: bytes = SOURCE, **reports: Any
    ) -> Submission:
        """A student's next attempt, so many days after a Monday."""
        person = self.people.get(name) or self.cast.person(name, self.course)
        self.people[name] = person
        at = MONDAY + timedelta(days=day)
        return attempt(
            self.session, self.assignment, person, share, at=at, source=source, reports=reports
        )

    def queries(self, act: Callable[[], object]) -> int:
        """How many statements it takes."""
        asked: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            asked.append(statement)

        self.session.rollback()
        self.session.expire_all()
        engine = self.session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)


@pytest.fixture
def class_(
    db: Session, cast: Cast, course: Course, assignment: Assignment, instructor: Person
) -> Class_:
    """A class that has handed in nothing yet."""
    return Class_(db, cast, course, assignment, Actor(instructor.user))
