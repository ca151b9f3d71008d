"""Owns what the submissions with known verdicts expect, as comments at their top.

    # expect: sigmoid=full sum<full dot-product=0 product:gradient=0 all=full
    # diagnosis: product: gradients swapped
    # says: sigmoid: did you mean

An item speaks of an exercise or of one family of it; "full" is all of its points. A file that can
hold no comment has them in a file beside it, with `.expect` after its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graders.exercises import COURSE_TEXT, EXERCISES
from graders.results.report import ExerciseReport, Report

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
_ITEM = re.compile(r"([a-z-]+)(?::([a-z_]+))?(=|<|>)(full|[\d.]+)")


@dataclass(frozen=True)
class Item:
    """`slug:family compared with amount`; no family means the whole exercise."""

    slug: str
    family: str | None
    comparison: str
    amount: str

    def broken_by(self, report: Report) -> str | None:
        """What is not as expected, or None."""
        exercise = _of(report, self.slug)
        checks = [c for c in exercise.checks if self.family in (None, c.family)]
        got, most = (round(sum(getattr(c, n) for c in checks), 2) for n in ("points", "max_points"))
        want = most if self.amount == "full" else float(self.amount)
        kept = {"=": got == want, "<": got < want, ">": got > want}[self.comparison]
        if kept:
            return None
        lost = [f"{c.family}/{c.name} {c.status}: {c.message}" for c in checks if not c.passed]
        return "\n    ".join([f"{self.slug} got {got} of {most}, expected {self}", *lost])

    def __str__(self) -> str:
        return f"{self.family or 'points'} {self.comparison} {self.amount}"


@dataclass(frozen=True)
class Expectations:
    """All of one file's."""

    items: tuple[Item, ...]
    diagnoses: tuple[tuple[str, str], ...]
    sayings: tuple[tuple[str, str], ...]

    @property
    def slugs(self) -> list[str]:
        """The exercises that the file is about, and what those are composed of."""
        return list(dict.fromkeys(item.slug for item in self.items))

    def broken_by(self, report: Report) -> list[str]:
        """Everything that is not as expected, one text each."""
        return [
            *filter(None, (item.broken_by(report) for item in self.items)),
            *self._undiagnosed(report),
            *self._unsaid(report),
        ]

    def _undiagnosed(self, report: Report) -> Iterator[str]:
        for slug, name in self.diagnoses:
            got = _of(report, slug).diagnosis
            if (got.name if got else "nothing") != name:
                yield f"{slug} is diagnosed as {got.name if got else 'nothing'}, expected {name}"

    def _unsaid(self, report: Report) -> Iterator[str]:
        for slug, words in self.sayings:
            exercise = _of(report, slug)
            said = [exercise.summary, *(c.message for c in exercise.checks)]
            if not any(words in one for one in said):
                yield f"{slug} does not say {words!r} but {said[0]!r}"


def _of(report: Report, slug: str) -> ExerciseReport:
    return next(exercise for exercise in report.exercises if exercise.slug == slug)


def expectations(path: Path) -> Expectations:
    """What a submission expects. Raises ValueError when it says nothing."""
    beside = path.with_name(path.name + ".expect")
    text = (beside if beside.exists() else path).read_bytes().decode("utf-8", "replace")
    lines: dict[str, list[str]] = {"expect": [], "diagnosis": [], "says": []}
    for word, said in re.findall(r"^\ufeff?# (expect|diagnosis|says): (.*?)\r?$", text, re.M):
        lines[word].append(said)
    items = [
        Item(slug, family or None, comparison, amount)
        for line in lines["expect"]
        for slug, family, comparison, amount in _ITEM.findall(line)
    ]
    if not items:
        raise ValueError(f"{path.name} does not say what is expected of it")
    return Expectations(
        tuple(one for item in items for one in _each(item)),
        tuple(_pair(said) for said in lines["diagnosis"]),
        tuple(_pair(said) for said in lines["says"]),
    )


def _each(item: Item) -> list[Item]:
    assert item.slug in {"all", *EXERCISES}, item.slug
    slugs = list(COURSE_TEXT) if item.slug == "all" else [item.slug]
    return [Item(slug, item.family, item.comparison, item.amount) for slug in slugs]


def _pair(said: str) -> tuple[str, str]:
    slug, _, words = said.partition(": ")
    return slug, words.strip()
