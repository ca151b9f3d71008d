"""Owns what can be asked for as an export in the background, and of what it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from sqlalchemy.orm import Session

from app.exports.hand_ins import collect
from app.gradebook import book as gradebook
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.spreadsheets import Habit, file_name
from app.models import Course


class What(StrEnum):
    """The kinds of export."""

    HAND_INS = "hand-ins"
    GRADES_CSV = "grades.csv"
    GRADES_JSON = "grades.json"


RIGHTS = {
    What.HAND_INS: Right.SEE_ALL_WORK,
    What.GRADES_CSV: Right.SEE_CLASS,
    What.GRADES_JSON: Right.SEE_CLASS,
}
"""What it takes to ask for one, to have it made, and to fetch it."""
_MEDIA_TYPES = {
    What.HAND_INS: "application/zip",
    What.GRADES_CSV: "text/csv; charset=utf-8",
    What.GRADES_JSON: "application/json",
}


@dataclass(frozen=True)
class Wanted:
    """What was asked for. The first two choices are about hand-ins, the others about grades."""

    what: What
    assignment: int | None = None
    counting: bool = False
    habit: Habit = Habit.POINT
    dropped: bool = False

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """What an export's row says."""
        read = {"what": What(facts["what"]), "habit": Habit(facts["habit"])}
        return cls(**{**facts, **read})

    def facts(self) -> dict[str, Any]:
        """The same for the row, and for the log."""
        return asdict(self) | {"what": self.what.value, "habit": self.habit.value}

    @property
    def right(self) -> Right:
        """What it takes in the course."""
        return RIGHTS[self.what]

    @property
    def media_type(self) -> str:
        """Of its content."""
        return _MEDIA_TYPES[self.what]

    def file_name(self, course: Course) -> str:
        """What it is called where it is saved."""
        if self.what is What.HAND_INS:
            return file_name("hand-ins", course.code, "zip")
        return file_name("grades", course.code, self.what.rpartition(".")[2])

    def items(self, session: Session, actor: Actor, course_id: int) -> list[str] | list[int]:
        """Of what it is made, in order: submissions, or students. Raises NotFound, Forbidden."""
        if self.what is What.HAND_INS:
            found = collect(session, actor, course_id, self.assignment, counting=self.counting)
            return [str(number) for number in found.numbers]
        book = gradebook.of_course(session, actor, course_id, dropped=self.dropped)
        return [row.student.id for row in book.rows]
