"""Owns choosing what is graded for which exercise, where several things could be meant.

What a file offers is compared by its names, its arguments and whether it is written at all, never
by what it computes: nobody gets the better of two tries.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..loading.classes import mro
from .candidates import Candidate
from .names import near_misses, squeezed
from .signatures import takes
from .vocabulary import Named, Vocabulary

globals()["__builtins__"] = vars(builtins).copy()

EXACT, WORDS, ONLY = "name", "words", "only"
"""Why something was taken: by its very name, by the words in it, as there is nothing else."""
_READ = 2000
"""Names of a file that are read in words."""
_OPTIONS = frozenset({"dim", "axis", "keepdim", "eps"})
"""Names of arguments that are not an exercise's inputs."""


class Taken(NamedTuple):
    """What is graded for an exercise, and why that."""

    candidate: Candidate
    why: str


Key = tuple[int, bool, int, int]


class Choice:
    """What each exercise gets: `taken` by slug; `several` has names of which none is taken, as any
    could be meant; `shared` a name that could be meant for several exercises."""

    def __init__(self, wanted: Named, others: Named, mine: Sequence[Candidate]) -> None:
        self.taken: dict[str, Taken] = {}
        self.several: dict[str, list[str]] = {}
        self.shared: dict[str, str] = {}
        self.wanted, self.offered = wanted, mine[:_READ]
        self._others = others
        self._words: Vocabulary | None = None
        by_name = {one.name: one for one in reversed(mine)}
        for slug in wanted:
            self._take_at_once(slug, by_name)
        if self.missing():
            self._by_words()

    @property
    def words(self) -> Vocabulary:
        """What names mean; made when a name has to be read."""
        if self._words is None:
            self._words = Vocabulary({**self._others, **self.wanted})
        return self._words

    def missing(self) -> list[str]:
        """The exercises for which nothing is chosen yet, nor to be chosen by its student."""
        decided = self.taken.keys() | self.several.keys() | self.shared.keys()
        return [slug for slug in self.wanted if slug not in decided]

    def left(self) -> list[Candidate]:
        """What is taken for no exercise."""
        used = [lead for one in self.taken.values() for lead in _identity(one.candidate)]
        return [one for one in self.offered if not any(lead in used for lead in _identity(one))]

    def answers(self, name: str, slug: str) -> bool:
        """Whether a name is the exercise's, but for words that say nothing."""
        reading = self.words.read(name)
        return name in self.wanted[slug]["names"] or (
            not reading.unknown and self.words.owners(reading) == {slug}
        )

    def is_called(self, name: str, slug: str) -> bool:
        """Whether a name is one of the exercise's own, but for capitals and underscores."""
        own = self.words.own.get(squeezed(name), ())
        return name in self.wanted[slug]["names"] or slug in own

    def near(self, slug: str) -> list[Candidate]:
        """What has the exercise's word in its name, or one that is spelt much like it."""
        left = {one.name: one for one in reversed(self.left())}
        readings = {name: self.words.read(name) for name in left}
        having = [
            left[name]
            for name, reading in readings.items()
            if slug in self.words.mentioned(reading)
            and not (left[name].is_blind and reading.is_aside)
        ]
        free = {name: one.unknown for name, one in readings.items() if not one.phrases}
        of_others = [
            phrase
            for other in self.wanted
            if other != slug
            for phrase in self.words.own_phrases(other)
        ]
        spelt = near_misses(
            self.words.own_phrases(slug), of_others, free, lambda name: left[name].is_class
        )
        having.sort(key=lambda one: not one.is_class)
        return [*having, *(left[name] for name in spelt)]

    def _take_at_once(self, slug: str, by_name: dict[str, Candidate]) -> None:
        """A class of an exercise's very name that is written and takes its arguments."""
        for name in self.wanted[slug]["names"]:
            one = by_name.get(name)
            if one and one.is_class and not one.unwritten and self._fits(one, slug):
                self.taken[slug] = Taken(one, EXACT)
                return

    def _fits(self, one: Candidate, slug: str) -> bool:
        return takes(one.parameters, self.wanted[slug]["inputs"])

    def _by_words(self) -> None:
        for slug in self.missing():
            self._settle(slug, self._named(slug))
        self._settle_shared()
        for slug in self.missing():
            self._settle(slug, self._with_the_word(slug))
        for slug in [slug for slug, one in self.taken.items() if one.candidate.is_begun]:
            written = [one for one in self._with_the_word(slug) if not one.is_begun]
            self._settle(slug, written)
        for slug, (one, _) in list(self.taken.items()):
            if not self._fits(one, slug) and self._is_used(one):
                del self.taken[slug]
        self._settle_the_only_one()

    def _named(self, slug: str) -> list[Candidate]:
        """What is called as the exercise is, but for words that say nothing."""
        names = self.wanted[slug]["names"]
        found = [one for one in self.offered if one.name in names]
        return found + [
            one
            for one in self.offered
            if one.name not in names
            and self.answers(one.name, slug)
            and not (one.is_blind and self.words.read(one.name).is_aside)
        ]

    def _with_the_word(self, slug: str) -> list[Candidate]:
        """What has the exercise's word in its name beside others, and takes its arguments."""
        return [
            one
            for one in self.left()
            if not one.is_blind
            and self._fits(one, slug)
            and (reading := self.words.read(one.name)).unknown
            and slug in self.words.owners(reading)
        ]

    def _settle(self, slug: str, found: Iterable[Candidate]) -> None:
        """Takes the best of those found; several equally good ones are left to the student."""
        ranked = [(self._key(one, slug), one) for one in found]
        if not ranked:
            return
        least = min(key for key, _ in ranked)
        best = _most_derived([one for key, one in ranked if key == least])
        if len(best) > 1 and _rank_of(least) in (_NAMED, _ASIDE):
            self.taken.pop(slug, None)
            self.several[slug] = [one.name for one in best]
            return
        names = self.wanted[slug]["names"]
        best.sort(key=lambda one: names.index(one.name) if one.name in names else len(names))
        self.taken[slug] = Taken(best[0], EXACT if best[0].name in names else WORDS)

    def _key(self, one: Candidate, slug: str) -> Key:
        """The smaller, the likelier it is meant."""
        is_exact = one.name in self.wanted[slug]["names"]
        is_aside = not is_exact and self.words.read(one.name).is_aside
        if one.is_class:
            rank = _EXACT if is_exact else _ASIDE if is_aside else _NAMED
        else:
            rank = _CALLED if is_exact else _ASIDE if is_aside else _CALLED_SO
        doubtful = 2 if one.is_blind else int(one.is_begun)
        return doubtful, not self._fits(one, slug), one.unwritten, rank

    def _settle_shared(self) -> None:
        """Gives what could be meant for several exercises to the one that still lacks it."""
        missing = self.missing()
        for one in self.offered if missing else ():
            reading = self.words.read(one.name)
            if reading.unknown or one.is_blind or self._is_used(one) or _has_options(one):
                continue
            meant = self.words.possible(reading)
            fitting = [slug for slug in missing if slug in meant and self._fits(one, slug)]
            if len(fitting) > 1:
                self.shared.update(dict.fromkeys(fitting, one.name))
            elif fitting and fitting[0] not in self.taken:
                self.taken[fitting[0]] = Taken(one, WORDS)

    def _is_used(self, one: Candidate) -> bool:
        """Whether an exercise has it whose arguments it takes."""
        return any(
            taken.candidate.value is one.value and self._fits(one, slug)
            for slug, taken in self.taken.items()
        )

    def _settle_the_only_one(self) -> None:
        """Where one exercise lacks one class, and one has a name that says nothing, they belong
        together."""
        missing = self.missing()
        if len(missing) != 1:
            return
        found = [
            one
            for one in self.left()
            if one.is_class and not any(self.words.read(one.name)) and self._fits(one, missing[0])
        ]
        if len(found) == 1:
            self.taken[missing[0]] = Taken(found[0], ONLY)


_EXACT, _CALLED, _NAMED, _CALLED_SO, _ASIDE = range(5)
"""A class by the very name, a callable by it, then both by words, then what is set aside."""


def _rank_of(key: Key) -> int:
    return key[3]


def _identity(one: Candidate) -> list[Any]:
    return [id(lead) for lead in one.leads] or [id(one.value)]


def _most_derived(found: list[Candidate]) -> list[Candidate]:
    """Each thing once, without the classes that others of them are derived from."""
    once = list({id(one.value): one for one in reversed(found)}.values())[::-1]
    bases = {id(base) for one in once if one.is_class for base in mro(one.value)[1:]}
    return [one for one in once if id(one.value) not in bases]


def _has_options(one: Candidate) -> bool:
    return one.parameters is not None and bool(_OPTIONS & set(one.parameters.names))
