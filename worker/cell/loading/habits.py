"""Owns what people leave in a file that is no Python: a notebook's commands, a fence, stray spaces.

Nothing is changed in a file that Python can read. Where it stops, the line at which it does is
looked at; lines keep their numbers.
"""

from __future__ import annotations

import builtins
import re
import sys
from typing import NamedTuple

globals()["__builtins__"] = vars(builtins).copy()

MOST = 300
"""Lines that are passed over, at most."""
_COMMAND = re.compile(r"\s*([%!?]|(pip3?|conda|mamba)\s+install\b)")
"""What IPython understands and Python does not: `%magic`, `!shell`, `?help`; and `help?`."""
_GIVEN = re.compile(r"(\s*[A-Za-z_][\w, ]*=\s*)[%!]")
"""The same with a name for what it gives."""
_CELL = re.compile(r"# %% cell \d+$")
"""What stands before each cell of what was a notebook."""
_CODE = re.compile(r"(import|from|class|def|@)\b")
"""How a line of Python begins that is no prose."""
_WAITS = re.compile(r"'?(await|async \w+|asynchronous comprehension)'? outside")
_FENCE = re.compile(r"\s*(```|~~~)")
_STRAY: dict[str, str | int | None] = dict.fromkeys("\u200b\u2060\ufeff", "")
_STRAY |= dict.fromkeys("\u00a0\u202f", " ")
"""Characters that come along when text is copied from a page, and what they look like."""
_WIDTHS = (8, 4)
"""Columns that a tab may be wide."""
_NEWER = (
    ((3, 12), r"", r"\s*type\s+\w+(\[.*\])?\s*=|\s*(async\s+)?(def|class)\s+\w+\s*\["),
    ((3, 12), r"f-string", r""),
    ((3, 14), r"", r"\s*except\s+[\w.]+\s*,\s*[\w., ]+:"),
)
"""Syntax that came with a version of Python, as far as a message and its line show it."""
_SHOWN = 300
"""Letters of a line that are looked at for that."""


class Mended(NamedTuple):
    """A text with one thing less that Python cannot read: in which line, and what: "command",
    "fence", "space", "tab", "indent", or a "cell" of a notebook with all that is in it."""

    text: str
    line: int
    what: str


def mended(text: str, error: SyntaxError) -> Mended | None:
    """The text without what `error` is about, if that is a habit."""
    lines = text.split("\n")
    at = (error.lineno or 0) - 1
    if not 0 <= at < len(lines):
        return None
    if isinstance(error, TabError):
        return _with_spaces(lines, at)
    if given := _GIVEN.match(lines[at]):
        return _without(lines, at, given[1] + "None")
    if _COMMAND.match(lines[at]) or lines[at].rstrip().endswith("?"):
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        return _without(lines, at, indent + "pass")
    if isinstance(error, IndentationError) and (straight := _straightened(lines)):
        return Mended(straight, at + 1, "indent")
    if _FENCE.match(lines[at]) or _is_prose_before_a_fence(lines, at):
        return _inside_fences(lines)
    if any(stray in text for stray in _STRAY):
        return Mended(text.translate(str.maketrans(_STRAY)), at + 1, "space")
    if _CELL.match(lines[0]) and not _CELL.match(lines[at]):
        return _without_cell(lines, at)
    return None


def _without(lines: list[str], at: int, instead: str) -> Mended:
    """The lines with something else in the place of a command, and of what it goes on in."""
    number = at
    while lines[number].rstrip().endswith("\\") and number + 1 < len(lines):
        number += 1
    mended = [*lines[:at], instead, *[""] * (number - at), *lines[number + 1 :]]
    return Mended("\n".join(mended), at + 1, "command")


def _without_cell(lines: list[str], at: int) -> Mended:
    """The lines without the cell of a line; in a notebook, each cell stands for itself."""
    marks = [number for number, line in enumerate(lines) if _CELL.match(line)]
    first = max(number for number in marks if number < at) + 1
    last = min((number for number in marks if number > at), default=len(lines))
    kept = [*lines[:first], *[""] * (last - first), *lines[last:]]
    return Mended("\n".join(kept), at + 1, "cell")


def _straightened(lines: list[str]) -> str:
    """The lines further to the left, where all of them are indented; else nothing."""
    written = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    first = written[0] if written else ""
    indent = first[: len(first) - len(first.lstrip())]
    if not indent or not all(line.startswith(indent) for line in written):
        return ""
    return "\n".join(line.removeprefix(indent) for line in lines)


def _is_prose_before_a_fence(lines: list[str], at: int) -> bool:
    """Whether a line belongs to words that stand before a fence, with no code among them."""
    fence = next((number for number, line in enumerate(lines) if _FENCE.match(line)), 0)
    return at < fence and not any(map(_CODE.match, lines[:fence]))


def _inside_fences(lines: list[str]) -> Mended:
    """What stands between fences of markdown; of a single fence, what is beside it."""
    fences = [at for at, line in enumerate(lines) if _FENCE.match(line)]
    first, inside = fences[0] + 1, len(fences) == 1
    kept = []
    for line in lines:
        is_fence = bool(_FENCE.match(line))
        inside = inside != (is_fence and len(fences) > 1)
        kept.append(line if inside and not is_fence else "")
    return Mended("\n".join(kept), first, "fence")


def _with_spaces(lines: list[str], at: int) -> Mended:
    """The lines with spaces for the tabs that they begin with, as wide as makes sense of them."""
    for width in _WIDTHS:
        text = "\n".join(_expanded(line, width) for line in lines)
        try:
            compile(text, "", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        break
    return Mended(text, at + 1, "tab")


def _expanded(line: str, width: int) -> str:
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].expandtabs(width) + rest


def only_in_notebooks(text: str, error: SyntaxError) -> str:
    """What a statement is that Python reads and cannot compile, where a notebook gets over it:
    a "command" for one that waits at the top level, a "cell" for what is wrong there; else
    nothing."""
    if _WAITS.search(error.msg or ""):
        return "command"
    return "cell" if _CELL.match(text.partition("\n")[0]) else ""


def newer_python(text: str, error: SyntaxError) -> str:
    """The version of Python whose syntax stands in the line of an error, if this one is older."""
    line = "".join(text.split("\n")[(error.lineno or 0) - 1 : error.lineno or 0])[:_SHOWN]
    for version, said, looks in _NEWER:
        if sys.version_info < version and re.match(said, error.msg) and re.match(looks, line):
            return "{}.{}".format(*version)
    return ""
