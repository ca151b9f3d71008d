"""Owns what the grade files of other systems look like: whom their rows are about, and where
their grades stand.

`tests/exports/test_grade_files.py` has a file of each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import Unprocessable
from app.exports.grade_files import Table
from app.models import User


@dataclass(frozen=True)
class System:
    """Another system's grade file.

    `keys` are the columns that it knows people by, the first that is filled in counting before the
    others; in those of `emails` there can be an address. `marks` are columns that no other system
    has. `excused` is what it writes for a grade that does not count.
    """

    name: str
    marks: frozenset[str]
    keys: Sequence[str]
    emails: frozenset[str]
    not_grades: frozenset[str]
    excused: str = ""

    def fits(self, table: Table) -> bool:
        """Whether a table is one of this system's."""
        known = {name.strip().lower() for name in table.header}
        return self.marks <= known and any(key in known for key in self.keys)

    def grade_columns(self, table: Table) -> list[int]:
        """The columns in which a grade can be filled in."""
        return [
            place
            for place, name in enumerate(table.header)
            if name.strip() and name.strip().lower() not in self.not_grades | set(self.keys)
            and not _READ_ONLY.search(name)
        ]  # fmt: skip

    def is_person(self, table: Table, row: Sequence[str]) -> bool:
        """Whether a row is about somebody: Canvas has some of points and of switches."""
        return any(
            row[place].strip() for key in self.keys if (place := table.column(key)) is not None
        )


_READ_ONLY = re.compile(
    r"^(current|final|unposted current|unposted final) (score|grade|points)|\(read only\)"
    r"|^(last (access|downloaded)|availability|maximum grade|grade can be changed"
    r"|last modified|feedback)|\(feedback\)|\((percentage|letter)\)",
    re.IGNORECASE,
)
CANVAS = System(
    "Canvas",
    marks=frozenset({"student", "section"}),
    keys=("sis user id", "sis login id", "id", "integration id"),
    emails=frozenset({"sis login id"}),
    not_grades=frozenset({"student", "section", "root account"}),
    excused="EX",
)
BLACKBOARD = System(
    "Blackboard",
    marks=frozenset({"username"}),
    keys=("username", "student id"),
    emails=frozenset({"username"}),
    not_grades=frozenset(
        {"last name", "first name", "availability", "last access", "child course id"}
    ),
)
MOODLE = System(
    "Moodle",
    marks=frozenset(),
    keys=("id number", "idnumber", "username", "email address", "email"),
    emails=frozenset({"username", "email address", "email"}),
    not_grades=frozenset(
        {
            *("first name", "last name", "surname", "full name", "institution", "department"),
            *("last downloaded from this course", "identifier", "status", "groups", "group"),
        }
    ),
)
_TOTAL = re.compile(r"\[Total Pts: (?:up to )?([\d.]+)", re.IGNORECASE)


def recognised(table: Table) -> System:
    """Whose file it is; raises Unprocessable."""
    if CANVAS.fits(table):
        return CANVAS
    if BLACKBOARD.fits(table) and any(_TOTAL.search(name) for name in table.header):
        return BLACKBOARD
    if MOODLE.fits(table):
        return MOODLE
    raise Unprocessable(
        "This is no grade file of Canvas, Moodle or Blackboard: it has none of the columns that "
        "they know people by, such as SIS Login ID, ID number, Email address or Username. Export "
        "the grades there, and choose that file as it came."
    )


def most_points(system: System, table: Table, column: int) -> float | None:
    """What a column's grade can be at most, where the file says so."""
    if found := _TOTAL.search(table.header[column]):
        return float(found[1])
    if system is not CANVAS:
        return None
    for row in table.rows[:3]:
        if row[0].strip().lower() == "points possible":
            return _number(row[column])
    return None


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def suggested(table: Table, columns: Sequence[int], title: str, number: int) -> int | None:
    """The column that an assignment seems to belong to: by our title, with or without theirs.

    Canvas and Moodle put something of their own around a title; the longest that begins with ours
    would be another assignment's, so a column counts only where nothing else fits as well.
    """
    plain = {place: _plain(table.header[place]) for place in columns}
    wanted = title.strip().lower()
    same = [place for place, name in plain.items() if name in (wanted, f"{wanted} ({number})")]
    return same[0] if len(same) == 1 else None


def _plain(name: str) -> str:
    """A column's title without what the system adds: ids, points, "Assignment:", "(Real)"."""
    bare = re.sub(r"\s*\[total pts:.*$|\s*\|\d+$|\s*\((?:\d+|real)\)\s*$", "", name.strip().lower())
    return re.sub(r"^assignment:\s*", "", bare)


def keys_of(system: System, table: Table) -> list[tuple[int, bool]]:
    """The columns that people are known by, in order, and whether there can be an address."""
    found = ((table.column(key), key in system.emails) for key in system.keys)
    return [(place, is_email) for place, is_email in found if place is not None]


def known_by(student: User, *, is_email: bool) -> set[str]:
    """What may stand for a student in such a column."""
    said = {student.external_id.strip()} if student.external_id else set()
    return said | ({student.email.lower()} if is_email else set())
