"""Owns what becomes of the mutants of one right file: noticed or not, named or not, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from graders.mutation.fitting import fits
from graders.mutation.grading import Graded, Run, grade, grade_elsewhere, same_numbers
from graders.mutation.reasons import reason
from graders.mutation.writing.mutants import File, Mutant
from graders.results.report import Diagnosis

SEEDS = (b"a first seed", b"a second seed", b"a third seed")
"""The first decides, as a submission's own seed does; the others put the answer to the test."""


@dataclass(frozen=True, slots=True)
class MutantOutcome:
    """What became of one mutant in one exercise.

    `fate` is "killed", "equivalent" or "missed" (alive, though it behaves differently); a survivor
    has a `reason`. `named` is the diagnosis, `rightly` whether fresh numbers bear it out.
    """

    file: str
    slug: str
    kind: str
    words: str
    line: int
    fate: str
    reason: str = ""
    named: str | None = None
    rightly: bool | None = None


Pick = Callable[[Mutant], bool]


class Bench:
    """One right file on the bench: what it gives as it is, and what each mutant of it gives."""

    def __init__(self, run: Run, name: str, source: str | bytes, slugs: Sequence[str]) -> None:
        """Raises SyntaxError when Python cannot read the source."""
        self._run, self.name, self.slugs = run, name, slugs
        self.file = File(source)
        self._base = grade(run, self.file.source, slugs, SEEDS[0])
        self._further: list[Graded] = []

    @property
    def lost(self) -> list[str]:
        """Exercises in which the right file itself loses a point."""
        return [slug for slug in self.slugs if self._base.lost(slug)]

    def outcomes(self, pick: Pick = lambda _: True) -> Iterator[MutantOutcome]:
        """Of all mutants that `pick` takes, one for each exercise that the change can reach."""
        reach: dict[int, list[str]] = {}
        for mutant in self.file.mutants():
            if not pick(mutant):
                continue
            if mutant.function not in reach:
                reach[mutant.function] = self._reach(self.file.trapped(mutant.function))
            if slugs := reach[mutant.function]:
                yield from self._judged(mutant, slugs)

    def _reach(self, trapped: str) -> list[str]:
        """Exercises that lose a point when a piece of code raises."""
        graded = grade(self._run, trapped, self.slugs, SEEDS[0])
        return [slug for slug in self.slugs if graded.lost(slug)]

    def _judged(self, mutant: Mutant, slugs: list[str]) -> Iterator[MutantOutcome]:
        graded = grade(self._run, mutant.source, slugs, SEEDS[0])
        further: list[Graded] = []
        reached: list[str] | None = None
        for slug in slugs:
            name = graded.exercises[slug].diagnosis
            if not graded.lost(slug) or name is not None:
                further = further or self._regraded(mutant.source, slugs)
            if graded.lost(slug):
                rightly = all(fits(one, slug, name.name) for one in further) if name else None
                yield _verdict(self, mutant, slug, "killed", named=name, rightly=rightly)
                continue
            if any(one.lost(slug) for one in further):
                yield _verdict(self, mutant, slug, "missed")
                continue
            if reached is None:
                trap = self.file.trapped_at(mutant.slot)
                reached = self._reach(trap) if trap else list(self.slugs)
            why = reason(
                mutant.kind, reached=slug in reached, exact=self._exact(graded, further, slug)
            )
            yield _verdict(self, mutant, slug, "equivalent", reason=why)

    def _regraded(self, source: str, slugs: Sequence[str]) -> list[Graded]:
        again = [grade(self._run, source, slugs, seed) for seed in SEEDS[1:2]]
        return [*again, grade_elsewhere(self._run, source, slugs, SEEDS[2])]

    def _exact(self, graded: Graded, further: list[Graded], slug: str) -> bool:
        """Whether a mutant gives the right file's numbers to the last bit, everywhere."""
        if not self._further:
            self._further = self._regraded(self.file.source, self.slugs)
        pairs = zip([graded, *further], [self._base, *self._further], strict=True)
        return all(same_numbers(one.evidence, other.evidence, slug) for one, other in pairs)


def _verdict(
    bench: Bench,
    mutant: Mutant,
    slug: str,
    fate: str,
    *,
    reason: str = "",
    named: Diagnosis | None = None,
    rightly: bool | None = None,
) -> MutantOutcome:
    return MutantOutcome(
        file=bench.name,
        slug=slug,
        kind=mutant.kind,
        words=mutant.words,
        line=mutant.line,
        fate=fate,
        reason=reason,
        named=named.name if named else None,
        rightly=rightly,
    )
