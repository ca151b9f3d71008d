"""Owns a finding with its numbers: what pages draw, and what JSON and CSV tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Self

from app.infrastructure.spreadsheets import Cell

COLUMNS = ("Chart", "Finding", "What", "Number", "Of", "Counted")


class Shape(StrEnum):
    """How the bars stand: beside each other, as along a scale, or below each other with names."""

    ALONG = "along"
    BELOW = "below"


@dataclass(frozen=True)
class Bar:
    """One number; `of` is what it is a part of, where it is one. `label` may have `code` in it."""

    label: str
    number: int
    of: int | None = None


@dataclass(frozen=True)
class Chart:
    """Numbers of one kind. `finding` is a sentence that says what is to be seen in them.

    `axis` says what the labels are, `counted` what the numbers count. `mark` is the place of the
    bar before which `marked` happened, such as the due date.
    """

    name: str
    finding: str
    axis: str
    counted: str
    bars: tuple[Bar, ...]
    shape: Shape = Shape.ALONG
    mark: int | None = None
    marked: str = ""
    about: str = ""
    """The assignment that it is about, where it stands among those of others."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw yet."""
        return not any(bar.number or bar.of for bar in self.bars)

    def titled(self, title: str) -> Self:
        """The same, as one of several of its kind."""
        return replace(self, name=f"{self.name} of {title}", about=title)

    def rows(self) -> Iterator[Sequence[Cell]]:
        """In the order of COLUMNS."""
        for bar in self.bars:
            yield self.name, self.finding, bar.label, bar.number, bar.of, self.counted


def middle(numbers: Iterable[float]) -> float | None:
    """The median; None of nothing."""
    known = list(numbers)
    return median(known) if known else None


def points(number: float) -> str:
    """Points as sentences have them: two decimals at most."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def people(number: int, noun: str = "student") -> str:
    """A number with its noun: "1 student", "3 students"."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
