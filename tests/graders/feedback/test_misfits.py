"""A forward that cannot be called with an exercise's inputs is told which arguments it has."""

from __future__ import annotations

import pytest

from graders.results.misfit import misfit
from tests.graders.conftest import Grade

SOFTMAX = """
import torch
from torch.autograd import Function


class Softmax(Function):
    @staticmethod
    def forward(ctx, x, dim):
        return torch.softmax(x, dim)

    @staticmethod
    def backward(ctx, g):
        return g, None
"""


@pytest.mark.parametrize(
    ("takes", "gets", "told"),
    [
        (("x",), ("x",), ""),
        ((), ("x",), ""),
        (("x", "dim"), ("x",), "Give `dim` a default value, or leave it out."),
        (("x", "dim", "eps"), ("x",), "Give `dim` and `eps` a default value, or leave them out."),
        (
            ("X", "W"),
            ("x", "weights", "bias"),
            "`weights` and `bias`. PyTorch passes `ctx` before",
        ),
        (("ctx", "x"), ("x",), "Beside a `setup_context`, which has `ctx` for itself, `F.forward`"),
    ],
)
def test_what_is_too_much_too_little_or_in_the_wrong_place_is_said(
    takes: tuple[str, ...], gets: tuple[str, ...], told: str
) -> None:
    said = misfit("`F.forward`", takes, gets)
    assert told in said
    assert bool(said) == bool(told)


def test_of_one_that_is_not_static_it_is_said() -> None:
    said = misfit("`F.forward`", ("ctx", "x"), ("x",), is_static=False)
    assert "has another argument before `ctx`. It is static: write `@staticmethod`" in said


def test_the_report_says_it_in_place_of_pythons_words(grade: Grade) -> None:
    (exercise,) = grade(SOFTMAX, ["softmax"]).exercises
    assert exercise.summary.startswith("`Softmax.forward` takes `x` and `dim` after its first")


def test_a_type_error_within_forward_is_told_as_it_is(grade: Grade) -> None:
    inside = SOFTMAX.replace("torch.softmax(x, dim)", "x + 'a'").replace("x, dim)", "x, dim=0)")
    (exercise,) = grade(inside, ["softmax"]).exercises
    assert "stopped with TypeError" in exercise.summary
