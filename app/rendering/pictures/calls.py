"""Owns the order in which forward and backward were called, beside the order that was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from app.rendering.pictures.drawing.svg import clean
from app.rendering.pictures.drawing.tensors import Json

_MOST = 60


@dataclass(frozen=True)
class Call:
    """One call in order. `state` is "same", "extra" (not expected here) or "missing"."""

    number: int | None
    direction: str
    name: str
    line: int | None
    state: str = "same"
    place: str = ""
    """What the line is called, where it is not by its number alone."""


@dataclass(frozen=True)
class Order:
    """All calls, those that are missing where they should have been; `judged` if any expected."""

    calls: list[Call]
    judged: bool
    cut: bool

    @property
    def is_right(self) -> bool:
        """Whether nothing was called out of turn."""
        return all(call.state == "same" for call in self.calls)


def order(graph: Json | None) -> Order:
    """The calls of a graph `{"calls": [{"label", "line"}], "expected_calls": [...] | null}`."""
    told = (graph or {}).get("calls")
    told = [call for call in told if isinstance(call, dict)] if isinstance(told, list) else []
    calls = [_call(number, call) for number, call in enumerate(told[:_MOST], 1)]
    wanted = (graph or {}).get("expected_calls")
    if not isinstance(wanted, list):
        return Order(calls, False, len(told) > _MOST)
    expected = _renamed([_split(label) for label in wanted[:_MOST]], calls)
    return Order(list(_aligned(calls, expected)), True, len(told) > _MOST)


def _call(number: int, call: dict[str, Any]) -> Call:
    line = call.get("line")
    place = clean(call.get("place") or "")
    line = line if isinstance(line, int) else None
    return Call(number, *_split(call.get("label")), line, place=place)


def _split(label: object) -> tuple[str, str]:
    """Which pass, and of what: ("forward", "Addition")."""
    direction, _, name = clean(label or "").partition(" ")
    return direction, name


def _renamed(expected: list[tuple[str, str]], calls: Sequence[Call]) -> list[tuple[str, str]]:
    """Expected calls in the student's words, where a report names functions and not classes.

    Then no name is in both lists, and the first of one is the first of the other.
    """
    ours = dict.fromkeys(name for _, name in expected)
    theirs = dict.fromkeys(call.name for call in calls)
    if not set(ours).isdisjoint(theirs):
        return expected
    names = dict(zip(ours, theirs, strict=False))
    return [(direction, names.get(name, name)) for direction, name in expected]


def _aligned(calls: Sequence[Call], expected: list[tuple[str, str]]) -> list[Call]:
    made = [(call.direction, call.name) for call in calls]
    aligned: list[Call] = []
    matcher = SequenceMatcher(a=expected, b=made, autojunk=False)
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            aligned += calls[b1:b2]
            continue
        aligned += [Call(None, *pair, None, "missing") for pair in expected[a1:a2]]
        aligned += [Call(c.number, c.direction, c.name, c.line, "extra") for c in calls[b1:b2]]
    return aligned
