"""Owns what names mean: which exercises a name in words may stand for."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from .names import Reading, reader, squeezed

globals()["__builtins__"] = vars(builtins).copy()

Named = Mapping[str, Mapping[str, Any]]
"""Exercises by slug: their `names`, what they may be called `also`, how many `inputs` they have."""


class Vocabulary:
    """The phrases of all exercises there are. Some are an exercise's own, and some may be meant
    for others too."""

    def __init__(self, exercises: Named) -> None:
        self.inputs = {slug: one["inputs"] for slug, one in exercises.items()}
        self.own, self.all = (defaultdict[str, set[str]](set) for _ in range(2))
        for slug, one in exercises.items():
            for name in map(squeezed, one["names"]):
                self.own[name].add(slug)
                self.all[name].add(slug)
            for phrase in one["also"]:
                self.all[phrase].add(slug)
        self._read = reader(self.all)

    def read(self, name: str) -> Reading:
        """A name in words; of a class inside of another, its own name first."""
        last = self._read(name.rpartition(".")[2])
        return last if last.phrases or "." not in name else self._read(name)

    def owners(self, reading: Reading) -> set[str]:
        """The exercises whose own names all phrases are; else all that these may stand for."""
        return self._common(self.own, reading) or self.possible(reading)

    def possible(self, reading: Reading) -> set[str]:
        """The exercises that all phrases together may stand for."""
        return self._common(self.all, reading)

    def mentioned(self, reading: Reading) -> set[str]:
        """The exercises that any of the phrases may stand for."""
        return set().union(*(self.all[phrase] for phrase in reading.phrases))

    def own_phrases(self, slug: str) -> list[str]:
        """What an exercise is called, and no other is."""
        return [phrase for phrase, slugs in self.own.items() if slug in slugs]

    def _common(self, table: Mapping[str, set[str]], reading: Reading) -> set[str]:
        sets = [table.get(phrase, set()) for phrase in reading.phrases]
        return set.intersection(*sets) if sets else set()
