"""Owns the work of one process of `make mutants`: a cell of its own, and what is put to it."""

from __future__ import annotations

from graders.exercises import EXERCISES
from graders.model.evidence import Evidence
from graders.mutation.outcomes import Bench, MutantOutcome
from graders.mutation.styled import Styled, styled
from graders.probes.plan import Plan
from tests.mutants.subjects import Subject
from tests.support.cells import Settings
from worker.sandbox import Cell, Limits, open_cell

_LIMITS = Limits(wall_s=3, cpu_s=3, memory_mb=512)
_cell: Cell


def begin() -> None:
    """Opens the cell."""
    global _cell
    _cell = open_cell(Settings())


def _run(plan: Plan, source: bytes) -> Evidence:
    return _cell.run(plan.requests, source, _LIMITS)


def mutated(subject: Subject) -> tuple[list[str], list[MutantOutcome]]:
    """Exercises in which a right file loses a point, and what becomes of its mutants."""
    bench = Bench(_run, subject.name, subject.source, subject.slugs)
    return bench.lost, list(bench.outcomes())


def named(slug: str) -> list[Styled]:
    """What becomes of an exercise's misconceptions in all styles."""
    return list(styled(_run, EXERCISES[slug]))
