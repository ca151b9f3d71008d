"""Owns the verdict as it is stored and shown: plain, frozen, and ready for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from typing import Any

from graders.model.check_kinds import Reason

Shown = Mapping[str, Any]
"""A tensor for people: name, dtype, shape and values, as `graders.results.formatting` makes it."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One failing case: on which input, with which upstream gradient, what came for what."""

    what: str
    input: tuple[Shown, ...]
    upstream: tuple[Shown, ...]
    expected: Shown | None
    got: Shown | None


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. `status` is "passed", "failed" or "blocked" (not judged).

    `reason` is why, where the cause is another than what the check looks at.
    """

    name: str
    family: str
    status: str
    points: float
    max_points: float
    message: str
    line: int | None = None
    exhibit: Exhibit | None = None
    reason: Reason | None = None

    @property
    def passed(self) -> bool:
        return self.status == "passed"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The misconception that a student's wrong numbers match, and nothing else does."""

    name: str
    hint: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ExerciseReport:
    """The verdict on one exercise."""

    slug: str
    title: str
    score: float
    max_score: float
    summary: str
    entry: str | None
    line: int | None
    diagnosis: Diagnosis | None
    checks: tuple[Check, ...]
    details: Mapping[str, Any] = field(default_factory=dict)
    """Tables, graph, cost and plots, as `graders.feedback.details` makes them."""
    snippet: str | None = None
    """Python source that shows the first failure on the student's own machine."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data, with `passed` beside each check's status."""
        plain: dict[str, Any] = _plain(self)
        return plain


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the whole file: a statement that raised, a limit that was met."""

    kind: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that staff alone may want to look at, in one exercise; `name` never changes."""

    name: str
    exercise: str
    message: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict on one submission."""

    score: float
    max_score: float
    grader_version: str
    exercises: tuple[ExerciseReport, ...]
    notes: tuple[Note, ...] = ()
    remarks: tuple[Remark, ...] = ()
    ran_with: str = ""
    """The versions of Python and of PyTorch that ran it."""

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data, with `passed` beside each check's status."""
        plain: dict[str, Any] = _plain(self)
        return plain


_ATOMS = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    """Dataclasses as dicts, sequences as lists, all the way down."""
    if type(value) in _ATOMS:  # most are, and the questions below take their time
        return value
    if isinstance(value, Check):
        return {**_items(value), "passed": value.passed}
    if is_dataclass(value):
        return _items(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


def _items(value: Any) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in value.__slots__}
