"""Exercises are data: their formulas hold, and a bad one is refused at start."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import pytest
import torch

from graders.exercises import COURSE_TEXT, EXERCISES, _in_order, starter
from graders.model.exercise import Exercise, Misconception
from graders.model.formulas import rule

PRODUCT = EXERCISES["product"]


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda exercise: exercise.slug)
def test_gradients_are_those_of_the_reference(exercise: Exercise) -> None:
    for shapes in (*exercise.shapes, exercise.empty):
        inputs = [torch.randn(s, dtype=torch.float64, requires_grad=True) for s in shapes]
        y = rule(exercise).forward(inputs)
        assert isinstance(y, torch.Tensor)
        dzdy = torch.randn_like(y)
        wanted = torch.autograd.grad(y, inputs, dzdy)
        for at, want in enumerate(wanted):
            got = rule(exercise).gradient(at, inputs, y, dzdy)
            assert isinstance(got, torch.Tensor)
            torch.testing.assert_close(got, want)


def test_steps_compose_to_the_reference() -> None:
    for exercise in EXERCISES.values():
        values = {name: torch.randn(3, dtype=torch.float64) for name in exercise.inputs}
        for step in exercise.steps:
            args = [values[name] for name in step.args]
            result = rule(EXERCISES[step.entry]).forward(args)
            assert isinstance(result, torch.Tensor)
            values[step.result] = result
        if exercise.steps:
            want = rule(exercise).forward([values[name] for name in exercise.inputs])
            assert isinstance(want, torch.Tensor)
            torch.testing.assert_close(values[exercise.steps[-1].result], want)


def test_reading_the_exercises_never_imports_torch() -> None:
    code = "import sys, graders.exercises; raise SystemExit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_course_text_comes_first_and_in_its_order() -> None:
    assert tuple(EXERCISES)[: len(COURSE_TEXT)] == COURSE_TEXT


def test_a_starter_file_is_python_and_names_every_entry() -> None:
    text = starter(COURSE_TEXT)
    compile(text, "starter.py", "exec")
    for slug in COURSE_TEXT:
        for name in EXERCISES[slug].entries[:1]:
            assert f"class {name}(Function)" in text


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"slug": "Product!"}, "not in lower case"),
        ({"inputs": ("x1", "x1")}, "distinct names"),
        ({"inputs": ("y", "x2")}, "cannot name an input"),
        ({"entries": ()}, "accepted names or steps"),
        ({"reference": "x1 *"}, "not an expression"),
        ({"reference": "x1 * x3"}, "uses x3"),
        ({"gradients": {"x1": "dzdy"}}, "one gradient for each input"),
        ({"shapes": ()}, "needs shapes"),
        ({"shapes": (((3,),),)}, "not one shape for each input"),
        ({"empty": ((2,), (2,))}, "is empty"),
        ({"values": (2.0, 1.0)}, "least < greatest"),
        ({"misconceptions": (Misconception("a", "b", "c"),)}, "changes nothing"),
        ({"misconceptions": (Misconception("a", "", "c", forward="x1"),)}, "lacks a name"),
        (
            {"misconceptions": (Misconception("a", "b", "c", gradients={"x1": "dzdy * x2"}),)},
            "is the right one",
        ),
        (
            {"misconceptions": (Misconception("a", "b", "c", gradients={"z": "dzdy"}),)},
            "z is no input",
        ),
    ],
)
def test_a_bad_one_is_refused_with_the_reason(change: dict[str, object], complaint: str) -> None:
    bad = dataclasses.replace(PRODUCT, **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=complaint):
        _in_order([bad])


def test_two_exercises_may_not_share_a_slug_or_an_accepted_name() -> None:
    with pytest.raises(ValueError, match="have the slug"):
        _in_order([PRODUCT, PRODUCT])
    with pytest.raises(ValueError, match="accepts Mul"):
        _in_order([PRODUCT, dataclasses.replace(PRODUCT, slug="other", entries=("Mul",))])
