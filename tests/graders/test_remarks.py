"""Staff are told of what looks like a gradient found by plain numbers; no points depend on it."""

from __future__ import annotations

import pytest

from tests.graders.conftest import Grade

SIGMOID = """
import torch
from torch.autograd import Function


def f(x):
    return {forward}


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return f(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        d = x.double()
        return (g * ({slope})).to(x.dtype)
"""
CENTRAL = "(f(d + 1e-5) - f(d - 1e-5)) / 2e-5"
FORWARDS = ("torch.sigmoid(x)", "1 / (1 + torch.exp(-x))")


def told(grade: Grade, forward: str, slope: str) -> tuple[float, list[tuple[str, int | None]]]:
    report = grade(SIGMOID.format(forward=forward, slope=slope), ["sigmoid"])
    return report.score, [(one.name, one.line) for one in report.remarks]


@pytest.mark.parametrize("forward", FORWARDS)
def test_two_forwards_beside_the_input_look_like_a_difference_quotient(
    grade: Grade, forward: str
) -> None:
    assert told(grade, forward, CENTRAL) == (10.0, [("forward-in-backward", 20)])


@pytest.mark.parametrize("forward", FORWARDS)
@pytest.mark.parametrize("slope", ["f(x) * (1 - f(x))", "f(x) * f(-x)", "f(d) - f(d) ** 2"])
def test_a_formula_that_runs_forward_again_is_no_cause_for_a_remark(
    grade: Grade, forward: str, slope: str
) -> None:
    assert told(grade, forward, slope) == (10.0, [])


def test_a_formula_made_of_the_same_products_as_forward_is_none_either(grade: Grade) -> None:
    source = """
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        first, second = ctx.needs_input_grad
        return g * x2 if first else None, g * x1 if second else None
"""
    report = grade(source, ["product"])
    assert (report.score, report.remarks) == (10.0, ())
