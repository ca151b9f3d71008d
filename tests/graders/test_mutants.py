"""Slips of right files are noticed and never misnamed: a sample here, all in `make mutants`."""

from __future__ import annotations

import random

import pytest

from graders import VERSION
from graders.exercises import EXERCISES
from graders.model.evidence import Evidence
from graders.mutation import table
from graders.mutation.grading import Run
from graders.mutation.outcomes import Bench
from graders.mutation.styled import look, sources
from graders.mutation.writing.mutants import File, Mutant
from graders.probes.plan import Plan
from tests.mutants.subjects import subjects
from worker.sandbox import Cell

pytestmark = pytest.mark.long

SAMPLE = random.Random(4).sample(subjects(), 7)
PER_FILE = 6


@pytest.fixture(scope="session")
def run(cell: Cell) -> Run:
    def ran(plan: Plan, source: bytes) -> Evidence:
        return cell.run(plan.requests, source)

    return ran


@pytest.mark.parametrize("subject", SAMPLE, ids=lambda subject: subject.name)
def test_a_mutant_that_differs_loses_points_and_gets_no_wrong_name(subject, run: Run) -> None:  # type: ignore[no-untyped-def]
    bench = Bench(run, subject.name, subject.source, subject.slugs)
    assert not bench.lost
    all_slots = [mutant.slot for mutant in bench.file.mutants()]
    chosen = set(random.Random(subject.name).sample(all_slots, min(PER_FILE, len(all_slots))))

    def pick(mutant: Mutant) -> bool:
        return mutant.slot in chosen

    for outcome in bench.outcomes(pick):
        assert outcome.fate != "missed", outcome
        assert outcome.rightly is not False, outcome
        assert outcome.fate == "killed" or outcome.reason


@pytest.mark.parametrize("slug", EXERCISES)
def test_misconceptions_are_named_in_a_style_of_one_s_own(slug: str, run: Run) -> None:
    exercise, named, tried = EXERCISES[slug], 0, 0
    for number, wrong in enumerate(exercise.misconceptions):
        written = sources(exercise, wrong)
        style, source = written[(number + 1) % len(written)]
        seen = look(run, exercise, wrong, style, source)
        assert seen.rejected, seen
        assert seen.named in (wrong.name, None), seen
        named += seen.named == wrong.name
        tried += 1
    assert named >= 0.9 * tried


def test_the_table_that_is_shown_is_of_this_grader() -> None:
    kept = table.load()
    assert kept.grader_version == VERSION
    assert [row.slug for row in kept.rows] == list(EXERCISES)
    whole = kept.total
    assert (whole.missed, whole.wrongly, whole.styled_wrongly, kept.right_lost) == (0, 0, 0, 0)
    assert all(row.named >= 90 and row.score == 100 and row.mutants for row in kept.rows)


def test_only_code_that_matters_is_changed() -> None:
    source = '''
def test_it():
    assert 1 + 1 == 2

def f(a, b):
    """A sum."""
    print("f", a + b)
    return a + b

if __name__ == "__main__":
    f(1, 2)
'''
    assert {mutant.line for mutant in File(source).mutants()} == {8}
