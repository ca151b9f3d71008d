"""Probes: the same seed gives the same ones, another seed others, and wrong formulas show."""

from __future__ import annotations

import pytest
import torch

from graders.exercises import COURSE_TEXT, EXERCISES
from graders.model.comparison import same
from graders.model.formulas import rule
from graders.probes.plan import draw_plan

PLAIN = {"basic", "float64", "scalars", "shapes", "needs"}


def test_the_same_seed_asks_the_same() -> None:
    one, two = draw_plan(COURSE_TEXT, b"seed"), draw_plan(COURSE_TEXT, b"seed")
    assert one.requests(b"x = 1") == two.requests(b"x = 1")


def test_another_seed_asks_something_else() -> None:
    assert draw_plan(["sum"], b"seed").requests(b"") != draw_plan(["sum"], b"feed").requests(b"")


def test_what_an_exercise_is_asked_does_not_depend_on_the_others() -> None:
    alone, together = draw_plan(["sum"], b"seed"), draw_plan(COURSE_TEXT, b"seed")
    for one, two in zip(alone.probes, together.of("sum"), strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one.inputs, two.inputs, strict=True))


def test_a_request_says_nothing_of_what_is_expected() -> None:
    for header, _ in draw_plan(COURSE_TEXT, b"seed").requests(b""):
        assert set(header) == {"v", "source", "entries", "others", "tensors", "probes", "more"}
        assert set(header["entries"]["sum"]) == {"names", "also", "inputs"}


def test_numbers_are_exactly_what_is_sent() -> None:
    for probe in draw_plan(COURSE_TEXT, b"seed").probes:
        dtype = getattr(torch, probe.dtype)
        for tensor in (*probe.inputs, *probe.upstream):
            assert torch.equal(tensor.to(dtype).double(), tensor)


def test_no_matrix_is_symmetric_and_no_upstream_gradient_is_one() -> None:
    for number in range(50):
        for probe in draw_plan(["matrix-vector-product"], b"%d" % number).probes:
            matrix = probe.inputs[0]
            if matrix.shape == (3, 3):
                assert not torch.equal(matrix, matrix.T)
            if "/extreme/" not in probe.id:
                assert all((tensor.abs() >= 1.25).all() for tensor in probe.upstream)


@pytest.mark.parametrize("slug", EXERCISES)
def test_a_wrong_sign_of_the_upstream_gradient_shows_at_once_whatever_the_seed(slug: str) -> None:
    for number in range(20):
        (upstream,) = draw_plan([slug], b"%d" % number).of(slug)[0].upstream
        assert upstream.min() < 0


def test_no_two_inputs_of_one_element_are_the_same_number_by_luck() -> None:
    for number in range(200):
        for probe in draw_plan(["addition", "product", "dot-product"], b"%d" % number).probes:
            if probe.kind in ("scalars", "shapes") and len(probe.inputs[0].flatten()) == 1:
                one, two = (abs(tensor.item()) for tensor in probe.inputs)
                assert one != two


def test_three_calls_differ_in_their_lengths_and_in_what_their_inputs_need() -> None:
    (probe,) = (
        one for one in draw_plan(["product"], b"seed").probes if one.id.endswith("two-calls")
    )
    assert [tuple(one.shape) for one in probe.upstream] == [(4,), (5,), (4,)]
    assert probe.needs == (True, True, False, True, True, False)


def test_upstream_gradients_are_also_large_tiny_zero_and_of_either_sign() -> None:
    probes = [probe for n in range(5) for probe in draw_plan(["sigmoid"], b"%d" % n).probes]
    numbers = torch.cat([one.flatten() for probe in probes for one in probe.upstream])
    for some in (numbers < -1e6, numbers > 1e6, numbers == 0, (numbers > 0) & (numbers < 1e-11)):
        assert some.any()


@pytest.mark.parametrize("slug", COURSE_TEXT)
def test_misconceptions_can_be_told_apart_from_the_truth_and_from_each_other(slug: str) -> None:
    exercise = EXERCISES[slug]
    probes = [probe for probe in draw_plan([slug], b"seed").probes if probe.kind in PLAIN]
    seen: dict[str, list[object]] = {"the truth": _numbers(probes, None)}
    for wrong in exercise.misconceptions:
        numbers = _numbers(probes, wrong)
        for name, others in seen.items():
            assert not _agree(numbers, others), f"{wrong.name} gives what {name} gives"
        seen[wrong.name] = numbers


def _numbers(probes, wrong):  # type: ignore[no-untyped-def]
    found = []
    for probe in probes:
        expected = probe.expected(rule(probe.exercise, wrong))
        found += [(value, probe.dtype) for value in (*expected.outputs, *expected.grads)]
    return found


def _agree(numbers, others):  # type: ignore[no-untyped-def]
    for (one, dtype), (two, _) in zip(numbers, others, strict=True):
        if isinstance(one, torch.Tensor) and isinstance(two, torch.Tensor):
            if not same(one, two, dtype):
                return False
        elif one is not two:
            return False
    return True
