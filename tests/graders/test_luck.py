"""What a wrong file gets does not depend on its seed: signs and sizes of numbers are planned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from itertools import product

import pytest
import torch

from graders.exercises import EXERCISES
from graders.model.exercise import Exercise
from graders.model.formulas import rule
from graders.mutation.luck import SeededProbes, wrong_files
from graders.mutation.writing.nothing import null_submissions
from graders.probes.draws import Draws
from graders.probes.magnitudes import magnitudes
from graders.probes.plan import draw_plan
from graders.probes.probe import Probe
from graders.probes.probe_set import probes
from graders.results.report import Report
from tests.graders.conftest import Grade
from tests.support.files.made_submissions import made_of

pytestmark = pytest.mark.long

PLAIN = {"basic", "float64", "scalars", "shapes", "needs"}
RELU, SUM = EXERCISES["relu"], EXERCISES["sum"]
EACH = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda one: one.slug)


@cache
def planned(slug: str, seeds: int = 20) -> list[Probe]:
    """The plain probes of some seeds."""
    plans = [draw_plan([slug], b"%d" % number) for number in range(seeds)]
    return [one for plan in plans for one in plan.probes if one.kind in PLAIN]


@pytest.fixture(scope="module", params=EXERCISES.values(), ids=lambda one: one.slug)
def seeded(request: pytest.FixtureRequest) -> SeededProbes:
    """The probes of an exercise, for a thousand seeds."""
    return SeededProbes(request.param)


def test_a_wrong_file_gets_the_same_for_each_of_a_thousand_seeds(seeded: SeededProbes) -> None:
    for words, by in wrong_files(seeded.exercise):
        assert not seeded.depends(by), words


def test_a_right_file_loses_nothing_for_any_of_them(seeded: SeededProbes) -> None:
    assert {luck.times for luck in seeded.right(rule(seeded.exercise))} == {seeded.seeds}


@EACH
def test_what_is_worked_out_for_many_seeds_is_what_a_probe_expects(exercise: Exercise) -> None:
    (few, seed) = SeededProbes(exercise, 1), b"seed 0"
    asked = {probe.id: probe for probe in draw_plan([exercise.slug], seed).probes}
    for wrong in exercise.misconceptions:
        for luck in few.right(by := rule(exercise, wrong)):
            probe, (what, number) = asked[luck.probe], luck.what.split()
            found, at = probe.expected(by), int(number) - 1
            got = found.outputs[at] if what == "result" else found.grads[at]
            want = (probe.wanted_outputs if what == "result" else probe.wanted_grads)[at]
            assert want is not None
            if isinstance(got, torch.Tensor) and got.shape == want.tensor.shape:
                assert (want.difference(got) is None) == bool(luck.times), (wrong.name, luck)


@pytest.mark.parametrize("slug", ["relu", "sigmoid", "addition", "product", "softmax"])
def test_each_sign_of_an_input_meets_each_sign_of_the_upstream_gradient(slug: str) -> None:
    for probe in planned(slug):
        for upstream, tensor in product(probe.upstream, probe.inputs):
            pairs = set(zip(tensor.flatten() > 0, upstream.flatten() > 0, strict=True))
            found = {(bool(one), bool(other)) for one, other in pairs}
            assert len(found) == 4 or tensor.numel() < 4


@pytest.mark.parametrize(("slug", "size"), [("product", 8), ("composition", 16)])
def test_with_enough_elements_all_signs_meet(slug: str, size: int) -> None:
    shapes = (tuple(((size,),) * len(EXERCISES[slug].inputs)),)
    exercise = replace(EXERCISES[slug], shapes=shapes)
    draws = Draws()
    basic = next(iter(probes(exercise, draws)))
    numbers = draws.drawn(b"seed")
    tensors = [numbers[places] > 0 for places in (*basic.inputs, *basic.upstream)]
    assert len(set(zip(*(one.tolist() for one in tensors), strict=True))) == size


@EACH
def test_either_sign_is_in_every_tensor_and_its_sum_is_away_from_zero(exercise: Exercise) -> None:
    low, high = exercise.values
    for probe in planned(exercise.slug):
        for tensor in probe.inputs:
            assert tensor.numel() < 2 or (tensor.min() < 0 < tensor.max())
            assert abs(tensor.sum()) > 0.3 * (high - low)


def test_the_sum_is_never_one() -> None:
    for probe in planned("sum", 200):
        assert all(one.sum() > 1.05 for one in probe.inputs)


@EACH
def test_either_sign_has_numbers_below_and_above_one(exercise: Exercise) -> None:
    if not exercise.values[0] < 1 < exercise.values[1]:
        return
    for probe in planned(exercise.slug):
        for tensor in probe.inputs:
            if tensor.numel() >= 4:
                for some in (tensor[tensor > 0], -tensor[tensor < 0]):
                    assert some.min() < 1 < some.max()


@EACH
def test_no_float64_number_is_one_that_float32_holds(exercise: Exercise) -> None:
    for probe in planned(exercise.slug):
        if probe.dtype == "float64":
            for tensor in (*probe.inputs, *probe.upstream):
                assert (tensor != tensor.float().double()).all()


def test_numbers_of_two_calls_differ_in_their_signs() -> None:
    (probe,) = (one for one in draw_plan(["relu"], b"seed").probes if one.kind == "two-calls")
    first, _, last = probe.inputs
    assert not torch.equal(first > 0, last > 0)


@pytest.mark.parametrize("values", [(0.02, 0.12), (0.5, 3.2), (1.0, 100.0), (0.001, 0.002)])
def test_whatever_the_range_there_are_numbers_of_each_size(values: tuple[float, float]) -> None:
    found = magnitudes(*values)
    assert min(found.counts) >= 5
    assert values[0] <= found.all.min() <= found.all.max() <= values[1]


def test_an_exercise_whose_score_is_luck_is_noticed() -> None:
    only_sometimes = replace(
        RELU.misconceptions[0], gradients={"x": "dzdy * (x > 0) + 1e-3 * (x > 3.1)"}
    )
    probes = SeededProbes(RELU)
    assert probes.depends(rule(RELU, only_sometimes))


@pytest.mark.parametrize(
    ("gradient", "score"),
    [("torch.zeros_like(x)", 3.0), ("x", 3.0), ("dzdy.clamp(min=0) * (x > 0)", 3.0)],
)
def test_a_rectifier_that_once_got_points_by_luck(
    gradient: str, score: float, grade: Grade
) -> None:
    wrong = replace(RELU.misconceptions[0], gradients={"x": gradient})
    for number in range(10):
        (report,) = grade(made_of(RELU, wrong), ["relu"], b"%d" % number).exercises
        assert report.score == score


@pytest.fixture(scope="module")
def idle(grade: Grade) -> dict[tuple[str, int], Report]:
    """The reports on files that do nothing for any exercise, by how and by the number of a seed."""
    files: defaultdict[str, str] = defaultdict(str)
    for exercise in EXERCISES.values():
        for words, source in null_submissions(exercise):
            files[words] += source
    slugs = [exercise.slug for exercise in EXERCISES.values() if not exercise.steps]
    return {
        (words, number): grade(file, slugs, b"%d" % number)
        for words, file in files.items()
        for number in range(3)
    }


@EACH
def test_in_a_cell_too_who_does_nothing_gets_nothing(
    exercise: Exercise, idle: dict[tuple[str, int], Report]
) -> None:
    for words, _ in null_submissions(exercise):
        for number in range(3):
            (report,) = (one for one in idle[words, number].exercises if one.slug == exercise.slug)
            assert report.score == 0, words
