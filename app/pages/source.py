"""Owns how a handed in file is shown: highlighted, numbered, marked at the lines concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from app.pages.verdicts import Mark
from app.uploads import decoded

_MOST_HIGHLIGHTED = 60_000
_LONGEST_LINE = 2_000


@dataclass(frozen=True)
class Line:
    """One line of source as HTML, and what is said about it."""

    number: int
    html: Markup
    marks: list[Mark]


def readable(content: bytes) -> str:
    """The source as text, whatever its encoding; letters that cannot be read become marks."""
    try:
        return decoded(content)
    except (SyntaxError, LookupError, UnicodeError):
        return content.decode("utf-8", errors="replace")


def lines(text: str, marks: Mapping[int, list[Mark]]) -> list[Line]:
    """The source line by line. Colours come from classes, since styles in the page are not run."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return [Line(number, html, marks.get(number, [])) for number, html in enumerate(_html(text), 1)]


def _html(text: str) -> list[Markup]:
    plain = text.split("\n")
    if len(text) > _MOST_HIGHLIGHTED or max(map(len, plain)) > _LONGEST_LINE:
        return [Markup(escape(line)) for line in plain]  # noqa: S704 (escaped)
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    coloured = highlight(text, lexer, HtmlFormatter(nowrap=True)).removesuffix("\n").split("\n")
    if len(coloured) != len(plain):
        return [Markup(escape(line)) for line in plain]  # noqa: S704 (escaped)
    return [Markup(line) for line in coloured]  # noqa: S704 (escaped by pygments)
