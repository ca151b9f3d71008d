"""What page tests share: handing in through the form, and waiting for the verdict."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Submission
from tests.support.cast import Person
from tests.support.waiting import wait_for

FILES = Path(__file__).parent / "files"
RIGHT = (FILES / "right.py").read_bytes()
MIXED = (FILES / "mixed.py").read_bytes()
UNREADABLE = RIGHT.replace(b"return x1 + x2", b"return x1 + x2 if (", 1)


def send(
    person: Person, assignment: Assignment, source: bytes = RIGHT, name: str = "mine.py"
) -> httpx.Response:
    """Hand a file in as the form does."""
    return person.web.post(
        f"/assignments/{assignment.id}/submissions", files={"file": (name, source)}
    )


class Desk:
    """Takes files in through the form and waits until they are graded."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hand_in(self, person: Person, assignment: Assignment, source: bytes = RIGHT) -> str:
        """The id of what was handed in."""
        answer = send(person, assignment, source)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/submissions/")

    def graded(self, person: Person, assignment: Assignment, source: bytes = RIGHT) -> str:
        """Like `hand_in`, and then wait for the verdict."""
        made = self.hand_in(person, assignment, source)
        wait_for(lambda: self.look(made).is_settled, "the verdict")
        return made

    def look(self, submission_id: str) -> Submission:
        """The row as it is now."""
        self._session.rollback()
        self._session.expire_all()
        found = self._session.get(Submission, uuid.UUID(submission_id))
        assert found is not None
        return found


@pytest.fixture
def desk(db: Session) -> Desk:
    """Where files are handed in."""
    return Desk(db)
