"""Every declared misconception is rejected when it is handed in, and named, and named rightly."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from graders.exercises import COURSE_TEXT, EXERCISES
from graders.model.exercise import Exercise, Misconception
from graders.results.report import ExerciseReport
from tests.graders.conftest import Grade
from tests.support.files.made_submissions import made_of

pytestmark = pytest.mark.long

ALONE = [exercise for exercise in EXERCISES.values() if not exercise.steps]
CASES = [
    pytest.param(exercise, number, id=f"{exercise.slug}: {wrong.name}")
    for exercise in ALONE
    for number, wrong in enumerate(exercise.misconceptions)
]


@pytest.fixture(scope="module")
def reports(grade: Grade) -> Callable[[int], dict[str, ExerciseReport]]:
    """Gives the reports on a file with the so many-th misconception of every exercise."""

    @cache
    def graded(number: int) -> dict[str, ExerciseReport]:
        wrong = [one for one in ALONE if number < len(one.misconceptions)]
        file = "".join(made_of(one, one.misconceptions[number]) for one in wrong)
        report = grade(file, [one.slug for one in wrong])
        return {one.slug: one for one in report.exercises}

    return graded


@pytest.mark.parametrize("exercise", ALONE, ids=lambda exercise: exercise.slug)
def test_the_formulas_of_an_exercise_are_right(exercise: Exercise, grade: Grade) -> None:
    (report,) = grade(made_of(exercise), [exercise.slug]).exercises
    assert report.score == report.max_score, [c for c in report.checks if not c.passed]


@pytest.mark.parametrize(("exercise", "number"), CASES)
def test_a_misconception_loses_points_and_is_named(
    exercise: Exercise, number: int, reports: Callable[[int], dict[str, ExerciseReport]]
) -> None:
    report = reports(number)[exercise.slug]
    assert report.score < report.max_score
    assert report.diagnosis is not None
    assert report.diagnosis.name == exercise.misconceptions[number].name


def test_the_course_text_has_enough_of_them() -> None:
    many = {"product", "sigmoid", "dot-product", "matrix-vector-product"}
    for slug in COURSE_TEXT:
        assert len(EXERCISES[slug].misconceptions) >= (6 if slug in many else 4)


def test_two_mistakes_at_once_are_not_taken_for_one(grade: Grade) -> None:
    swapped_and_doubled = Misconception(
        "", "", "", gradients={"x1": "3 * dzdy * x1", "x2": "dzdy * x2 + 1"}
    )
    source = made_of(EXERCISES["product"], swapped_and_doubled)
    (report,) = grade(source, ["product"]).exercises
    assert report.diagnosis is None
    assert report.score < report.max_score


def test_a_hint_calls_the_inputs_as_the_student_does(grade: Grade) -> None:
    (swapped,) = (
        one for one in EXERCISES["dot-product"].misconceptions if one.name == "gradients swapped"
    )
    source = made_of(EXERCISES["dot-product"], swapped).replace("x1", "left")
    (report,) = grade(source, ["dot-product"]).exercises
    assert report.diagnosis is not None
    assert "`left`" in report.diagnosis.hint
    assert "x1" not in report.diagnosis.hint


def test_a_right_one_has_no_diagnosis(grade: Grade) -> None:
    (report,) = grade(made_of(EXERCISES["product"]), ["product"]).exercises
    assert report.diagnosis is None


@pytest.mark.parametrize("name", ["the chain breaks at the product", "the wrong sign"])
def test_what_breaks_a_composition_is_named_there_too(name: str, grade: Grade) -> None:
    gradients = {
        "the chain breaks at the product": {"x1": "x2", "x2": "x1"},
        "the wrong sign": {"x1": "-dzdy * x2", "x2": "-dzdy * x1"},
    }[name]
    product = made_of(EXERCISES["product"], Misconception("", "", "", gradients=gradients))
    report = grade(product + made_of(EXERCISES["addition"]), ["composition"]).exercises[0]
    assert report.diagnosis is not None
    assert report.diagnosis.name == name
