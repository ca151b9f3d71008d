"""Owns what a student's version costs beside the reference: a few counts and one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.rendering.pictures.drawing.numbers import plural
from app.rendering.pictures.drawing.svg import clean
from app.rendering.pictures.drawing.tensors import Json

_MEASURES = {
    "saved_tensors": "Tensors kept for backward",
    "saved_bytes": "Bytes kept for backward",
    "operations": "Operations run",
    "graph_nodes": "Nodes in the graph",
}
_FINDINGS = {
    "saved_tensors": ("keeps", "tensor", " for backward"),
    "saved_bytes": ("keeps", "byte", " for backward"),
    "operations": ("runs", "operation", ""),
    "graph_nodes": ("leaves", "node", " in the graph"),
}
_LARGEST = 10**15
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Measure:
    """One count, of the student's version and of the reference; a dash where unknown."""

    name: str
    yours: str
    reference: str
    more: bool


@dataclass(frozen=True)
class Cost:
    """The table and its finding, and for which inputs it was counted."""

    measures: list[Measure]
    said: str
    counted: str


def cost(data: Json | None, title: str) -> Cost | None:
    """The cost in `{"inputs", "yours", "reference"}` of the exercise that is called `title`."""
    yours, reference = (_counts((data or {}).get(side)) for side in ("yours", "reference"))
    measures = [
        Measure(
            name,
            _text(yours.get(key)),
            _text(reference.get(key)),
            _more(yours, reference, key),
        )
        for key, name in _MEASURES.items()
        if key in yours or key in reference
    ]
    counted = _counted((data or {}).get("inputs"))
    return Cost(measures, _said(yours, reference, title), counted) if measures else None


def _counted(inputs: object) -> str:
    told = [one for one in inputs if isinstance(one, Mapping)] if isinstance(inputs, list) else []
    names = [f"`{clean(one.get('name') or '')}` of {_shape(one.get('shape'))}" for one in told]
    return f"Counted in one forward and one backward, with {', '.join(names)}." if names else ""


def _shape(shape: object) -> str:
    sizes = [size for size in shape if isinstance(size, int)] if isinstance(shape, list) else []
    return f"shape {tuple(sizes)}" if sizes else "one number"


def _counts(side: Any) -> Counts:
    told = side if isinstance(side, Mapping) else {}
    return {k: n for k in _MEASURES if type(n := told.get(k)) is int and 0 <= n <= _LARGEST}


def _text(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _said(yours: Counts, reference: Counts, title: str) -> str:
    """The first count in which the student's version costs more, else that it does not."""
    composed = _more(yours, reference, "graph_nodes")
    mine = f"Your {'composed ' if composed else ''}{_lowered(title)}"
    other = "the primitive" if composed else "the reference"
    for key, (verb, noun, end) in _FINDINGS.items():
        if _more(yours, reference, key):
            many = plural(yours[key], noun)
            return f"{mine} {verb} {many}{end}; {other} {verb} {reference[key]:,}."
    if yours.get("saved_tensors", 0) < reference.get("saved_tensors", 0):
        few = plural(yours["saved_tensors"], "tensor")
        return f"{mine} keeps {few} for backward, fewer than {other}."
    return f"{mine} costs no more than {other}."


def _more(yours: Counts, reference: Counts, key: str) -> bool:
    return key in yours and key in reference and yours[key] > reference[key]


def _lowered(title: str) -> str:
    text = clean(title)
    return text[:1].lower() + text[1:] if text[1:].islower() else text
