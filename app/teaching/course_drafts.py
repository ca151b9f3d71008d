"""Owns what can be said of a course: which codes, titles and time zones will do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import Unprocessable
from app.identity.spelling import spelt
from app.models import Course
from app.models.field_limits import wrong_length


@dataclass(frozen=True)
class CourseDraft:
    """What somebody says of a course; `timezone` is an IANA name."""

    code: str
    title: str
    term: str = ""
    timezone: str = "UTC"

    @classmethod
    def of(cls, course: Course) -> Self:
        """What there is to be said of a course as it is."""
        return cls(course.code, course.title, course.term, course.timezone)

    def facts(self) -> dict[str, str]:
        """The same for the log."""
        return asdict(self)

    def clean(self) -> Self:
        """The same in its one spelling; raises Unprocessable with what is wrong, by field."""
        texts = {name: spelt(getattr(self, name).strip()) for name in ("code", "title", "term")}
        wrong = {name: wrong_length(name, text) for name, text in texts.items()}
        for name, text in texts.items():
            if not text.isprintable():
                wrong[name] = f"The {name} has printable letters only."
        if not texts["code"]:
            wrong["code"] = "A course needs a code."
        if not texts["title"]:
            wrong["title"] = "A course needs a title."
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            said = f"{self.timezone[:60]!r} is not a time zone; one looks like Europe/Berlin."
            wrong["timezone"] = said
        if errors := {name: said for name, said in wrong.items() if said}:
            raise Unprocessable(" ".join(errors.values()), errors=errors)
        return type(self)(**texts, timezone=self.timezone)
