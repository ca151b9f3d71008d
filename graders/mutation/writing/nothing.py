"""Owns submissions that do no work of their own and must not earn a point."""

from __future__ import annotations

from collections.abc import Iterator

from graders.model.exercise import Exercise
from graders.mutation.writing.styles import PREAMBLE

_CLASS = """
class {name}(Function):
    @staticmethod
    def forward(ctx, {inputs}):
        ctx.save_for_backward({inputs})
        return {result}

    @staticmethod
    def backward(ctx, dzdy):
        return tuple(torch.zeros_like(one) for one in ctx.saved_tensors)
"""


def null_submissions(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """What each does, in words, and its source; none for an exercise that calls others."""
    if exercise.steps:
        return
    formula, inputs = exercise.reference, ", ".join(exercise.inputs)
    results = {
        "returns zeros": f"torch.zeros_like({formula})",
        "returns NaN": f"torch.full_like({formula}, float('nan'))",
        "returns its input": f"{exercise.inputs[0]}.clone()",
    }
    for words, result in results.items():
        body = _CLASS.format(name=exercise.entries[0], inputs=inputs, result=result)
        yield words, PREAMBLE + body
    alias = f"\n\ndef {exercise.entries[0]}({inputs}):\n    return {formula}\n"
    yield "calls PyTorch's own operations", PREAMBLE + alias
    yield "has no class at all", PREAMBLE
