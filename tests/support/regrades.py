"""Owns grading again in tests, as an instructor does it."""

from __future__ import annotations

import httpx
from sqlalchemy import func, select

from app.infrastructure import database
from app.models import Assignment, Kind, Submission
from tests.support.cast import Person
from tests.support.forms import press
from tests.support.waiting import wait_for


class Regrades:
    """Has work of a sheet graded again, as an instructor does."""

    def __init__(self, teacher: Person, sheet: Assignment) -> None:
        self.teacher, self.sheet = teacher, sheet
        self.all = f"/assignments/{sheet.id}/regrades"

    def begin(self, look: str = "", **fields: str) -> str:
        """Begin a preview with the form, and give its address."""
        answer = press(self.teacher.web, self.all + look, self.all + look, **fields)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def ready(self, look: str = "", **fields: str) -> str:
        """Begin a preview, and wait until it is worked out."""
        return self.worked_out(self.begin(look, **fields))

    def worked_out(self, here: str) -> str:
        """Wait until a preview is worked out."""
        look = self.teacher.api.get
        wait_for(lambda: look(here).json()["state"] == "ready", "the preview")
        return here

    def apply(self, here: str, **fields: str) -> httpx.Response:
        """Apply a preview with the form."""
        fields = {"reason": "The graders were wrong."} | fields
        return press(self.teacher.web, here, f"{here}/apply", **fields)

    def score(self, made: Submission) -> float | None:
        """The score of an attempt as it is now."""
        with database.session() as session:
            return session.get_one(Submission, made.id).score

    def kinds(self, kind: Kind) -> int:
        """How many submissions of a kind there are."""
        rows = select(func.count()).where(
            Submission.assignment_id == self.sheet.id, Submission.kind == kind
        )
        with database.session() as session:
            return session.scalars(rows).one()
