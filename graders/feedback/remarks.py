"""Owns what staff alone are told of a submission: what no run can judge, and a person can.

A gradient that was found by plain numbers cannot be told from one that was derived, but a formula
has no need of complex numbers, of dozens of forward passes or of a table. A remark gives no points
and takes none.
"""

from __future__ import annotations

from collections.abc import Iterator

from graders.feedback.details.cost import reference
from graders.judging.exercise_run import ExerciseRun
from graders.results.report import Remark

_EVALUATIONS = 6
_ELSEWHERE = 2
"""How often forward may run within one backward before staff are told, and how many other results
it may give there."""
_TIMES, _MORE = 20, 100
"""How many times the reference's operations, and how many on top, before staff are told."""


def remarks(run: ExerciseRun) -> Iterator[Remark]:
    """What was noticed while the plain probe of an exercise ran without autograd."""
    result = run.result(run.basic)
    if result is None:
        return
    slug = run.exercise.slug
    lines = {one.kind: one.line for one in result.noticed}
    if "complex" in lines:
        message = f"{run.subject} computes with complex numbers, though all numbers here are real."
        yield Remark("complex-numbers", slug, message, lines["complex"])
    if "table" in lines:
        message = f"{run.subject} reads a large tensor that was made outside of its calls."
        yield Remark("table", slug, message, lines["table"])
    backward = next((call.line for call in run.calls(run.basic)
                     if call.which == "backward"), run.line)  # fmt: skip
    if result.evaluations >= _EVALUATIONS or result.elsewhere >= _ELSEWHERE:
        message = f"One backward of {run.subject} runs forward {result.evaluations} times."
        yield Remark("forward-in-backward", slug, message, backward)
    if result.operations is not None and result.operations > _MORE:
        shapes = tuple(tuple(tensor.shape) for tensor in run.basic.inputs)
        least = reference(run.exercise, shapes)["operations"]
        if result.operations > _TIMES * least + _MORE:
            message = f"{run.subject} runs {result.operations} operations; the reference {least}."
            yield Remark("many-operations", slug, message, backward)
