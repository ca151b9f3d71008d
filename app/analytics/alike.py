"""Owns files that are more alike than an exercise makes them: pairs for staff to look at.

A trace says something only where hardly anybody else has it. The starter file's say nothing, and
neither do those that a good part of the class has. What is left is a question, never a verdict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from app.analytics.traces import Kind, kind_of, marks, traces

FEWEST = 8
"""Students with a file, below which nobody can say what is common."""
ENOUGH = 33.0
"""The weight of shared traces from which a pair is shown."""
_WEIGHTS: Mapping[Kind, float] = {
    Kind.WORDS: 3.0,
    Kind.NAME: 1.5,
    Kind.LINE: 1.0,
    Kind.PASSAGE: 1.0,
    Kind.SHAPE: 0.5,
}
_FEW, _SHARE = 5, 0.04


@dataclass(frozen=True)
class File:
    """One student's file: whose, which attempt, its hash and its text."""

    owner: int
    attempt: int
    sha256: str
    text: str


@dataclass(frozen=True)
class Pair:
    """Two students' files that share what hardly anybody else has.

    `shared` counts the traces by kind; `only` those that nobody else has at all.
    """

    one: File
    other: File
    weight: float
    shared: Mapping[Kind, int]
    only: int


class Class_:
    """The files of a class, all attempts, and who left which trace."""

    def __init__(self, files: Sequence[File], starter: str) -> None:
        self._files = files
        self._places: dict[int, list[int]] = defaultdict(list)
        for place, file in enumerate(files):
            self._places[file.owner].append(place)
        self.students = len(self._places)
        self._most = 1 + max(_FEW, int(_SHARE * self.students))
        self._owners = self._rare_owners({one.mark for one in traces(starter)})

    def _rare_owners(self, given: set[int]) -> dict[int, list[int]]:
        """The owners of each mark that several have, but hardly anybody, and that was not given."""
        times: Counter[int] = Counter()
        for places in self._places.values():
            times.update(set().union(*map(self._marks, places)))
        rare = {m for m, number in times.items() if 2 <= number <= self._most} - given
        owners: dict[int, list[int]] = {mark: [] for mark in rare}
        for owner, places in self._places.items():
            for mark in rare.intersection(set().union(*map(self._marks, places))):
                owners[mark].append(owner)
        return owners

    def _marks(self, place: int) -> Sequence[int]:
        return marks(self._files[place].sha256, self._files[place].text)

    def pairs(self) -> list[Pair]:
        """The pairs of students that are worth a look, the weightiest first; none of a few."""
        if self.students < FEWEST:
            return []
        weights: dict[tuple[int, int], float] = defaultdict(float)
        for mark, owners in self._owners.items():
            for two in combinations(sorted(owners), 2):
                weights[two] += self._weight(mark)
        found = [self._closest(*two) for two, weight in weights.items() if weight >= ENOUGH]
        return sorted(
            (pair for pair in found if pair.weight >= ENOUGH), key=lambda pair: -pair.weight
        )

    def _weight(self, mark: int) -> float:
        """All of its weight for a trace of two students, and less the more have it."""
        return _WEIGHTS[kind_of(mark)] * (1 - (len(self._owners[mark]) - 2) / self._most)

    def _closest(self, one: int, other: int) -> Pair:
        """The two files of two students that share the most; the first of equals."""
        return max(
            (self._pair(*two) for two in product(self._places[one], self._places[other])),
            key=lambda pair: pair.weight,
        )

    def _pair(self, one: int, other: int) -> Pair:
        both = set(self._marks(one)).intersection(self._marks(other)) & self._owners.keys()
        return Pair(
            self._files[one],
            self._files[other],
            sum(map(self._weight, both)),
            Counter(map(kind_of, both)),
            sum(len(self._owners[mark]) == 2 for mark in both),
        )

    def shared_lines(self, one: str, other: str) -> tuple[set[int], set[int]]:
        """The lines of two sources at which a trace begins that both have, and hardly others."""
        mine, theirs = [*traces(one)], [*traces(other)]
        both = {trace.mark for trace in mine} & {trace.mark for trace in theirs}
        seen = both & self._owners.keys()
        return (
            {trace.line for trace in mine if trace.mark in seen},
            {trace.line for trace in theirs if trace.mark in seen},
        )
