"""Owns how a handed in file is shown: highlighted, numbered, marked at the lines concerned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from app.grading.uploads import decoded
from app.rendering.report_view import Mark
from graders.model.places import NONE, Places, places

MOST_LINES = 1_000
"""What is shown of a file from its beginning; the rest is in the file itself."""
_MOST_BEYOND = 200
_MOST_HIGHLIGHTED = 60_000
_LONGEST_LINE = 2_000


@dataclass(frozen=True)
class Line:
    """One line of source as HTML, and what is said about it; `skipped` before it are not shown."""

    number: int
    html: Markup
    marks: list[Mark]
    skipped: int = 0
    place: str = ""
    """What it is called: "line 5", or "cell 3, line 5"."""
    label: str = ""
    """The number that stands beside it: of a notebook's line, the one in its cell."""


@dataclass(frozen=True)
class Listing:
    """What is shown of a file's lines; `rest` after the last of them are not."""

    lines: list[Line]
    rest: int = 0
    places: Places = NONE

    @property
    def is_whole(self) -> bool:
        """Whether all of the file is shown."""
        return not self.rest and not any(line.skipped for line in self.lines)

    def line(self, number: int) -> Line | None:
        """A line that is shown, by its number."""
        return next((line for line in self.lines if line.number == number), None)


def readable(content: bytes) -> str:
    """The source as text, whatever its encoding; letters that cannot be read become marks."""
    try:
        return decoded(content)
    except (SyntaxError, LookupError, UnicodeError):
        return content.decode("utf-8", errors="replace")


def listing(text: str, marks: Mapping[int, list[Mark]], named: Collection[int] = ()) -> Listing:
    """The source line by line. Colours come from classes, since styles in the page are not run.

    Of a very long one the first lines are shown, and those further down that have marks or are
    `named` elsewhere on the page.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    plain = text.split("\n")
    beyond = sorted(n for n in {*marks, *named} if MOST_LINES < n <= len(plain))[:_MOST_BEYOND]
    numbers = [*range(1, min(len(plain), MOST_LINES) + 1), *beyond]
    shown, last, where = [], 0, places(text)
    for number, html in zip(numbers, _html(text, plain, numbers), strict=True):
        label = "" if where.is_mark(number) else str(where.of(number)[1])
        said = (marks.get(number, []), number - last - 1, where.spoken(number), label)
        shown.append(Line(number, html, *said))
        last = number
    return Listing(shown, len(plain) - last, where)


def _html(text: str, plain: list[str], numbers: list[int]) -> list[Markup]:
    """The lines with these numbers, coloured where the file is of a usual size."""
    simple = [Markup(escape(plain[number - 1])) for number in numbers]  # noqa: S704 (escaped)
    if (
        len(text) > _MOST_HIGHLIGHTED
        or len(plain) > MOST_LINES
        or max(map(len, plain)) > _LONGEST_LINE
    ):
        return simple
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    whole = highlight(text + "\n", lexer, HtmlFormatter(nowrap=True))  # it adds one only if need be
    coloured = whole.removesuffix("\n").split("\n")
    if len(coloured) != len(plain):
        return simple
    return [Markup(line) for line in coloured]  # noqa: S704 (escaped by pygments)
