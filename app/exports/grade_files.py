"""Owns tables that somebody downloaded from another system: read, and written as they were."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from app.errors import Unprocessable

MOST_ROWS, MOST_COLUMNS = 20_000, 1_000
_BETWEEN = (",", ";", "\t")
_MARKS = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"\xef\xbb\xbf": "utf-8",
}
"""Byte order marks, each with the encoding that it stands for."""


@dataclass(frozen=True)
class Table:
    """A file's cells, and how it wrote them: it is written back in the same way."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    between: str
    encoding: str
    mark: bytes

    def column(self, *names: str) -> int | None:
        """The first column of one of these names, in any case; None without one."""
        known = [name.strip().lower() for name in self.header]
        return next((known.index(name) for name in names if name in known), None)

    def written(self, rows: Sequence[Sequence[str]]) -> bytes:
        """A file of the same kind, with its header and other rows."""
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.between, lineterminator="\r\n")
        writer.writerow(self.header)
        writer.writerows(rows)
        return self.mark + text.getvalue().encode(self.encoding, "replace")


def read(content: bytes) -> Table:
    """The table in a file: CSV with commas or semicolons, or Blackboard's with tabs.

    Raises Unprocessable.
    """
    mark, encoding = next(
        ((mark, name) for mark, name in _MARKS.items() if content.startswith(mark)), (b"", "utf-8")
    )
    text, encoding = _decoded(content.removeprefix(mark), encoding)
    between = max(_BETWEEN, key=text.partition("\n")[0].count)
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=between), MOST_ROWS + 1))
    except csv.Error as error:
        raise Unprocessable(f"This file cannot be read as a table: {error}.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if len(rows) < 2 or len(rows[0]) < 2:
        raise Unprocessable(
            "There is no table with a line of titles and people below it in this file. Export the "
            "grades as CSV there, and choose that file as it came."
        )
    if len(rows) > MOST_ROWS or len(rows[0]) > MOST_COLUMNS:
        raise Unprocessable(
            f"This table is too large: {MOST_ROWS} lines and {MOST_COLUMNS} columns are the most."
        )
    width = len(rows[0])
    padded = [[*row, *[""] * (width - len(row))] for row in rows[1:]]
    return Table(rows[0], padded, between, encoding, mark)


def _decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """The text, and the encoding that it was in after all."""
    if b"\0" in content and not encoding.startswith("utf-16"):
        raise Unprocessable(
            "This is no CSV file. A workbook has to be saved as CSV first, or exported as CSV."
        )
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), "cp1252"
