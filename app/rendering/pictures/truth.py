"""Owns the requires_grad truth table: what backward returned for each combination of inputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.rendering.pictures.drawing.svg import clean
from app.rendering.pictures.drawing.tensors import Json

_WORDS = {"tensor": "gradient", "wrong": "wrong gradient", "none": "None"}
_MOST_ROWS = 64


@dataclass(frozen=True)
class Given:
    """What was returned for one input, and what should have been, in words."""

    returned: str
    expected: str
    off: bool
    wasted: bool
    came_wrong: bool = False
    """A gradient did come, with wrong numbers or of a wrong shape."""


@dataclass(frozen=True)
class Row:
    """One combination. `verdict` is "right", "partly" (right, with work for nothing) or "wrong"."""

    needs: list[bool]
    given: list[Given]
    verdict: str
    word: str
    error: str
    called: bool = True
    """Whether backward ran at all; where no input asks for a gradient, it does not."""


@dataclass(frozen=True)
class Truth:
    """The whole table, and the sentence that says what is in it."""

    inputs: list[str]
    rows: list[Row]
    said: str


def truth(data: Json | None, forward: bool = True) -> Truth | None:
    """A table from `{"inputs", "rows": [{"needs", "returned", "expected", "wasted", ...}]}`.

    `forward` is whether forward is right: if not, gradients that suit it are no praise.
    """
    data = data or {}
    inputs = [clean(name) for name in data.get("inputs") or []]
    told = [row for row in data.get("rows") or [] if isinstance(row, dict)]
    if not inputs or not told:
        return None
    rows = [_row(row, inputs) for row in told[:_MOST_ROWS]]
    return Truth(inputs, rows, _said(rows, forward))


def _row(row: dict[str, Any], inputs: list[str]) -> Row:
    names = [clean(name) for name in row.get("wasted") or []]
    columns = [_filled(row.get(key), len(inputs)) for key in ("needs", "returned", "expected")]
    given = [
        Given(
            _word(returned),
            _word(expected),
            returned != expected,
            name in names,
            returned == "wrong",
        )
        for name, returned, expected in zip(inputs, *columns[1:], strict=True)
    ]
    error = clean(row.get("error") or "")
    if error:
        given = [Given("–", one.expected, False, False) for one in given]
    if not row.get("right"):
        verdict, word = "wrong", "error" if error else "not right"
    else:
        verdict, word = ("partly", _wasteful(names, inputs)) if names else ("right", "right")
    called = bool(error) or any(value is not None for value in columns[1])
    return Row([bool(need) for need in columns[0]], given, verdict, word, error, called)


def _wasteful(names: list[str], inputs: list[str]) -> str:
    """The verdict on work for nothing; what is no input has no column to be marked in."""
    between = [name for name in names if name not in inputs]
    return f"wasteful: {', '.join(f'`{name}`' for name in between)}" if between else "wasteful"


def _filled(values: object, size: int) -> list[Any]:
    told = values if isinstance(values, list) else []
    return [*told, *[None] * size][:size]


def _word(value: object) -> str:
    return "nothing" if value is None else _WORDS.get(str(value), clean(value))


def _said(rows: list[Row], forward: bool) -> str:
    wrong = sum(row.verdict == "wrong" for row in rows)
    wasted = sum(row.verdict == "partly" for row in rows)
    of = f"of {len(rows)} combinations"
    if wrong:
        return f"{wrong} {of} {'is' if wrong == 1 else 'are'} not right."
    if not forward:
        said = "Whether these gradients are right is seen once forward is."
        return f"{said} In {wasted} {of} one is computed for nothing." if wasted else said
    if wasted:
        return f"All are right; in {wasted} {of} a gradient is computed that nobody asked for."
    return "Every combination is right, and nothing is computed that nobody asked for."
