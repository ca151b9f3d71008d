"""Owns who is there: a stack, somebody honest, those who flood, and what they need beforehand."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Status, Submission
from app.scheduling import leases
from app.settings import settings
from tests.support.cast import Person, cast_of
from tests.support.processes.stack import Stack


@dataclass(frozen=True)
class Scene:
    """What a flood and the honest one beside it know."""

    stack: Stack
    assignment: Assignment
    honest: Person
    flooders: list[Person]

    def held(self) -> str:
        """A submission of the first flooder's that seems to be graded for ever."""
        person = self.flooders[0]
        made = person.web.post(self.path("submissions"), files={"file": ("a.py", b"x = 1\n")})
        number = uuid.UUID(made.headers["location"].rsplit("/", 1)[1])
        with database.session() as session:
            row = session.get_one(Submission, number, with_for_update=True)
            row.status, row.lease = Status.RUNNING, uuid.uuid4()
            row.leased_until = now() + timedelta(minutes=10)
            session.commit()
        return str(number)

    def path(self, what: str) -> str:
        """An address below the assignment's."""
        return f"/assignments/{self.assignment.id}/{what}"

    def waiting(self) -> int:
        """How many submissions a worker could take now."""
        with database.session() as session:
            return len(leases.due(session, 1000))


@contextmanager
def scene(stack: Stack, flooders: int = 8) -> Iterator[Scene]:
    """People of a new course on a running stack."""
    os.environ.update(stack.environment)
    _forget()
    with cast_of(stack.url) as cast:
        course = cast.course()
        yield Scene(
            stack,
            cast.assignment(course),
            cast.person("Calm", course),
            [cast.person(f"Flood {number}", course) for number in range(flooders)],
        )


def _forget() -> None:
    """Have this process read its settings anew, and connect anew where they say."""
    for remembered in (database.engine, settings):
        remembered.cache_clear()
