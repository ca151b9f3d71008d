"""Owns the places in a file: lines, and in what was a notebook the cells that they stand in.

A notebook is kept as one Python file, in which a comment stands before each cell of code with its
number in the notebook. A file that begins with such a comment is read so, wherever it came from.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass

_MARK = "# %% cell {}"
_MARKS = re.compile(r"# %% cell ([1-9]\d{0,5})$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Places:
    """The lines at which cells are marked, in order, and the numbers of those cells."""

    lines: tuple[int, ...] = ()
    cells: tuple[int, ...] = ()

    def spoken(self, line: int) -> str:
        """Where a line is, as part of a sentence: "line 5", or "cell 3, line 5"."""
        cell, number = self.of(line)
        return f"cell {cell}, line {number}" if cell else f"line {number}"

    def of(self, line: int) -> tuple[int | None, int]:
        """The cell that a line stands in, if any, and the line's number in it."""
        at = bisect.bisect_right(self.lines, line) - 1
        if at < 0 or line == self.lines[at]:
            return None, line
        return self.cells[at], line - self.lines[at]

    def told(self, line: int | None) -> dict[str, int] | None:
        """The cell and the line in it, as JSON has it; None where there is no cell or line."""
        cell, number = self.of(line) if line and self.cells else (None, 0)
        return {"cell": cell, "line": number} if cell else None

    def is_mark(self, line: int) -> bool:
        """Whether a line is the comment before a cell."""
        return line in self.lines


NONE = Places()
"""Those of a file that was no notebook."""


def places(text: str) -> Places:
    """Those of a file."""
    if not _MARKS.match(text):
        return NONE
    lines: list[int] = []
    cells: list[int] = []
    for found in _MARKS.finditer(text):
        if not cells or int(found[1]) > cells[-1]:
            lines.append(text.count("\n", 0, found.start()) + 1)
            cells.append(int(found[1]))
    return Places(tuple(lines), tuple(cells))


def joined(cells: Iterable[tuple[int, str]]) -> str:
    """One file of the cells of a notebook, each with its number."""
    parts = [f"{_MARK.format(number)}\n{_unmarked(text)}" for number, text in cells]
    return "\n".join([*parts, ""])


def _unmarked(text: str) -> str:
    """The same where a comment that looks like a mark is none."""
    return _MARKS.sub(r"#  %% cell \1", text)
