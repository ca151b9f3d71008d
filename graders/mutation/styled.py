"""Owns the question whether misconceptions are named in whatever style they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graders.model.exercise import Exercise, Misconception
from graders.mutation.grading import Run, grade
from graders.mutation.outcomes import SEEDS
from graders.mutation.writing.composing import composed
from graders.mutation.writing.styles import written


@dataclass(frozen=True, slots=True)
class Styled:
    """What became of a misconception in one style; `named` is the diagnosis, if any."""

    slug: str
    wrong: str
    style: str
    rejected: bool
    named: str | None


def sources(exercise: Exercise, wrong: Misconception | None = None) -> list[tuple[str, str]]:
    """Files in all styles that suit the exercise: the style's name, and the source."""
    alone = [] if exercise.steps else written(exercise, wrong)
    return [*alone, *composed(exercise, wrong)]


def styled(run: Run, exercise: Exercise) -> Iterator[Styled]:
    """Every misconception of an exercise in every style."""
    for wrong in exercise.misconceptions:
        for style, source in sources(exercise, wrong):
            yield look(run, exercise, wrong, style, source)


def look(run: Run, exercise: Exercise, wrong: Misconception, style: str, source: str) -> Styled:
    """One misconception in one style."""
    steps = dict.fromkeys(step.entry for step in exercise.steps)
    graded = grade(run, source, [exercise.slug, *steps], SEEDS[0])
    diagnosis = graded.exercises[exercise.slug].diagnosis
    name = diagnosis.name if diagnosis else None
    return Styled(exercise.slug, wrong.name, style, graded.lost(exercise.slug), name)
