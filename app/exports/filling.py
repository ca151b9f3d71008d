"""Owns filling another system's grade file: people are found as that system finds them, and a
preview says who is not, on either side.

Nothing of the file is lost: what is not filled in goes back as it came, formulas apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from app.errors import Unprocessable
from app.exports import grade_files, systems
from app.exports.grade_files import Table
from app.exports.grades import is_unseen, statuses
from app.exports.systems import System
from app.gradebook import book as gradebook
from app.gradebook.book import Gradebook, Row
from app.gradebook.grades import NOTHING, Grade
from app.grading.showing import sights
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.infrastructure.spreadsheets import Habit, defused, number
from app.models import Assignment, User

_SIGNED_KEY = re.compile(r"[+-][\w.@+-]*")
"""An id that begins like a formula, but can be none."""
_WHY = ("excused", "being graded")
"""What is told first of why a cell was left alone."""
_NUMBER = re.compile(r"[+-]?[\d.,]*%?")
"""A number, or the hyphen that stands for none."""


@dataclass(frozen=True)
class Choice:
    """Which assignment goes into which column, by its place; None has them suggested.

    `missing_as_zero` fills in 0 for what is missing after the due date; `scaled` works a score out
    as a share of what the column can be at most.
    """

    columns: Mapping[int, int] | None = None
    missing_as_zero: bool = False
    scaled: bool = False


@dataclass
class FilledColumn:
    """What became of one assignment: where it goes, and of how many cells what.

    `left` counts cells that were left as they were, by why; `unseen` scores that are filled in and
    that their students are not shown here yet.
    """

    assignment: Assignment
    column: int | None
    title: str = ""
    most: float | None = None
    filled: int = 0
    changed: int = 0
    above: int = 0
    unseen: int = 0
    left: Counter[str] = field(default_factory=Counter)


@dataclass
class Preview:
    """What filling a grade file does: for whom, and for whom not.

    `unknown` are people in the file who are no students here, each by what the file has of them;
    `double` those who could be several; `absent` students of ours who are not in the file.
    """

    system: str
    columns: list[FilledColumn]
    choices: list[tuple[int, str]]
    found: int = 0
    unknown: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    absent: list[User] = field(default_factory=list)

    @property
    def has_unseen(self) -> bool:
        """Whether a score is filled in that its student is not shown here yet."""
        return any(one.unseen for one in self.columns)


@dataclass(frozen=True)
class Filled:
    """The preview, and the file that it is of."""

    preview: Preview
    content: bytes


def fill(session: Session, actor: Actor, course_id: int, content: bytes, choice: Choice) -> Filled:
    """Fill a course's grades into a file that was downloaded from another system.

    Raises NotFound, Forbidden, Unprocessable.
    """
    book = gradebook.of_course(session, actor, course_id)
    table = grade_files.read(content)
    system = systems.recognised(table)
    columns = _columns(book, system, table, choice)
    choices = [(place, table.header[place]) for place in system.grade_columns(table)]
    preview = Preview(system.name, columns, choices)
    found = _found(book, system, table, preview)
    keys = {place for place, _ in systems.keys_of(system, table)}
    rows = [[*row] for row in table.rows]
    seen = sights.of_students(session, book.assignments)
    for place, row in found.items():
        for one in columns:
            if one.column is not None and _fill_cell(rows[place], row, one, system, table, choice):
                grade = row.grades.get(one.assignment.id, NOTHING)
                one.unseen += is_unseen(grade, seen(row.student.id, one.assignment.id))
    written = [[_safe(cell, place in keys) for place, cell in enumerate(row)] for row in rows]
    header = [defused(name) for name in table.header]
    return Filled(preview, replace(table, header=header).written(written))


def _columns(book: Gradebook, system: System, table: Table, choice: Choice) -> list[FilledColumn]:
    there = system.grade_columns(table)
    found = []
    for assignment in book.assignments:
        if choice.columns is None:
            place = systems.suggested(table, there, assignment.title, assignment.id)
        else:
            place = choice.columns.get(assignment.id)
        if place is not None and place not in there:
            raise Unprocessable(f"Column {place + 1} of this file can hold no grade of ours.")
        title = "" if place is None else table.header[place].strip()
        most = None if place is None else systems.most_points(system, table, place)
        found.append(FilledColumn(assignment, place, title, most))
    taken = Counter(one.column for one in found if one.column is not None)
    if double := [place for place, times in taken.items() if times > 1]:
        name = table.header[double[0]].strip()
        raise Unprocessable(f"Two assignments cannot go into the same column, “{name}”.")
    return found


def _found(book: Gradebook, system: System, table: Table, preview: Preview) -> dict[int, Row]:
    """By the place of a row in the file: the student it is about; others are noted in `preview`."""
    keys = systems.keys_of(system, table)
    known: list[dict[str, set[int]]] = []
    for _, is_email in keys:
        names: dict[str, set[int]] = {}
        for place, row in enumerate(book.rows):
            for name in systems.known_by(row.student, is_email=is_email):
                names.setdefault(name, set()).add(place)
        known.append(names)
    met: dict[int, list[int]] = {}
    for number_, cells in enumerate(table.rows):
        if not system.is_person(table, cells):
            continue
        who: set[int] = set()
        for (place, _), names in zip(keys, known, strict=True):
            said = cells[place].strip()
            who |= names.get(said, set()) | names.get(said.lower(), set())
        said_of = " · ".join(dict.fromkeys(cell.strip() for cell in cells[:5] if cell.strip()))
        if len(who) == 1:
            met.setdefault(who.pop(), []).append(number_)
        else:
            (preview.double if who else preview.unknown).append(said_of)
    twice = {place for place, rows in met.items() if len(rows) > 1}
    preview.double += [f"{book.rows[place].student.name}, in {len(met[place])} lines" for place
                       in sorted(twice)]  # fmt: skip
    preview.absent = [row.student for place, row in enumerate(book.rows) if place not in met]
    preview.found = len(met) - len(twice)
    return {rows[0]: book.rows[place] for place, rows in met.items() if place not in twice}


def _fill_cell(
    cells: list[str], row: Row, one: FilledColumn, system: System, table: Table, choice: Choice
) -> bool:
    """Fill one grade in, or note why the cell stays as it is; whether it was filled in."""
    assert one.column is not None
    grade = row.grades.get(one.assignment.id, NOTHING)
    said = statuses(grade, one.assignment, now())
    text = system.excused if grade.excused else _score(grade, one, said, table, choice)
    if not text:
        one.left[next((word for word in _WHY if word in said), said[-1])] += 1
        return False
    was = cells[one.column].strip()
    one.filled += 1
    one.changed += bool(was) and was.replace(",", ".") != text.replace(",", ".")
    cells[one.column] = text
    return True


def _score(
    grade: Grade, one: FilledColumn, said: Sequence[str], table: Table, choice: Choice
) -> str:
    """What goes into the cell; nothing leaves it alone, as while something is being graded."""
    score = grade.score
    if choice.missing_as_zero and "missing" in said:
        score = 0.0
    if score is None or grade.pending:
        return ""
    if choice.scaled and one.most is not None and one.assignment.max_score:
        score *= one.most / one.assignment.max_score
    one.above += one.most is not None and score > one.most
    return number(score, Habit.COMMA if table.between == ";" else Habit.POINT)


def _safe(cell: str, is_key: bool) -> str:
    """A cell that no spreadsheet runs. Numbers stay as they are, and ids that can be no formula."""
    harmless = _NUMBER.fullmatch(cell) or (is_key and _SIGNED_KEY.fullmatch(cell))
    return cell if harmless else defused(cell)
