"""A course in which everybody stands differently, for tests that only look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Role, Status
from tests.support.attempts import attempt
from tests.support.cast import Cast, cast_of
from tests.support.forms import press
from tests.support.processes.stack import Stack


@pytest.fixture(scope="module")
def term(stack: Stack) -> Iterator[Term]:
    """A course in which everybody stands differently; made once, as everybody only looks."""
    with cast_of(stack.url) as cast, database.session() as session:
        yield Term(cast, session)


class Term:
    """A course in which everybody stands as their name says."""

    def __init__(self, cast: Cast, db: Session) -> None:
        self.course = cast.course()
        self.teacher = cast.person("Ines Instructor", self.course, Role.INSTRUCTOR)
        names = "Ada Full,Ben Late,Cem Missing,Dee Changed,Eve Excused,Fay Waits,Gus Stuck"
        self.people = {name[:3]: cast.person(name, self.course) for name in names.split(",")}
        self.past = cast.assignment(self.course, title="Past", due_at=now() - timedelta(days=2))
        self.open = cast.assignment(self.course, title="Open", due_at=now() + timedelta(days=2))
        self.hidden = cast.assignment(self.course, title="Hidden", published=False)
        early = now() - timedelta(days=3)
        attempt(db, self.past, self.people["Ada"], 1.0, at=early)
        attempt(db, self.past, self.people["Ben"], 0.2)
        attempt(db, self.past, self.people["Dee"], 0.6, at=early)
        attempt(db, self.past, self.people["Eve"], 0.6, at=early)
        attempt(db, self.past, self.people["Fay"], None, at=early, status=Status.FAILED)
        attempt(db, self.open, self.people["Ada"], 0.4)
        attempt(db, self.past, self.people["Gus"], 1.0, at=early)
        for share in (0.4, 0.2, 0.1, 0.2, 0.3):
            attempt(db, self.open, self.people["Gus"], share)
        attempt(db, self.hidden, self.people["Ada"], 1.0)
        self._change("Dee", score="60")
        self._change("Eve", excused="on")

    def _change(self, who: str, **fields: str) -> None:
        here = f"/assignments/{self.past.id}/grades/{self.people[who].user.id}"
        assert press(self.teacher.web, here, here, reason="So it is.", **fields).status_code == 303

    def shown(self, **query: object) -> str:
        page = self.teacher.web.get(f"/courses/{self.course.id}/gradebook", params=query)  # type: ignore[arg-type]
        assert page.status_code == 200
        return " ".join(
            name[:3] for name in re.findall(r'<th scope="row" title[^>]*>([^<]*)<', page.text)
        )
