"""Owns how tables are written for spreadsheets, of either habit, with no formula in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum

Cell = str | int | float | datetime | None
BYTE_ORDER_MARK = "\ufeff"
"""Comes first, so that a spreadsheet reads names rightly."""
_FORMULA = re.compile(r"(^|[;,\t\r\n|])([\s\"']*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NEVER_FIRST = ("\t", "\r", "\n")


class Habit(StrEnum):
    """What a spreadsheet expects between cells and in numbers, by the country of its user."""

    POINT = "point"
    COMMA = "comma"

    @property
    def between(self) -> str:
        """What stands between two cells."""
        return ";" if self is Habit.COMMA else ","


def written(rows: Iterable[Sequence[Cell]], habit: Habit = Habit.POINT) -> Iterator[str]:
    """The rows as CSV, each as soon as it is there, with the byte order mark before them."""
    yield BYTE_ORDER_MARK
    line = io.StringIO()
    writer = csv.writer(line, delimiter=habit.between, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_written(cell, habit) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _written(cell: Cell, habit: Habit) -> str:
    if isinstance(cell, str):
        return defused(cell)
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else number(cell, habit)


def number(value: float, habit: Habit = Habit.POINT) -> str:
    """A number with two decimals at most and all digits before them, which is no formula."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if habit is Habit.COMMA else text


def defused(text: str) -> str:
    """The text, kept from being run as a formula by a spreadsheet.

    One that takes the file for the other habit, or splits at tabs, makes cells of parts of a text:
    what would begin such a part is defused as well.
    """
    safe = _FORMULA.sub(r"\1\2'", text)
    return "'" + safe if safe.startswith(_NEVER_FIRST) else safe


def file_name(what: str, code: str, ending: str) -> str:
    """What a file of a course is called: in letters and digits, wherever it is saved."""
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in code)
    return f"{what}-{plain}.{ending}"
