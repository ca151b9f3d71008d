"""Owns submissions made from an exercise's formulas, right ones or those of a misconception."""

from __future__ import annotations

from graders.model.exercise import Exercise, Misconception

_CLASS = """
class {name}(Function):
    @staticmethod
    def forward(ctx, {inputs}):
        y = {forward}
        ctx.save_for_backward({inputs}, y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        {inputs}, y = ctx.saved_tensors
        gradients = [{gradients}]
        return tuple(g() if n else None for g, n in zip(gradients, ctx.needs_input_grad))
"""


def made_of(exercise: Exercise, wrong: Misconception | None = None) -> str:
    """A file with one Function class for an exercise that is not composed of others."""
    formulas = dict(exercise.gradients) | dict(wrong.gradients if wrong else {})
    forward = (wrong.forward if wrong else None) or exercise.reference
    body = _CLASS.format(
        name=exercise.entries[0],
        inputs=", ".join(exercise.inputs),
        forward=forward,
        gradients=", ".join(f"lambda: {formulas[name]}" for name in exercise.inputs),
    )
    return f"import torch\nfrom torch.autograd import Function\n{body}"
