"""Owns what a run costs beside a good primitive Function: kept tensors, operations, nodes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from graders.exercises import EXERCISES
from graders.judging.exercise_run import ExerciseRun
from graders.judging.provenance import is_leaf
from graders.model.exercise import Exercise
from graders.model.formulas import rule

_METADATA = frozenset({"shape", "dtype", "device", "ndim"})
_MEASURES = frozenset({"numel", "dim", "size"})
_LIKE = frozenset({"ones_like", "zeros_like", "full_like", "empty_like"})


def cost(run: ExerciseRun) -> dict[str, Any] | None:
    """The student's counts on the plain probe, and the reference's on the same shapes."""
    probe = run.basic
    result, direct = run.ordinary(probe), run.result(probe)
    if result is None or result.error is not None or not result.graph:
        return None
    yours = {
        "saved_tensors": result.saved.tensors,
        "saved_bytes": result.saved.bytes,
        "graph_nodes": sum(not is_leaf(node) for node in result.graph),
    }
    if direct is not None and direct.operations is not None:
        yours["operations"] = direct.operations
    shapes = tuple(tuple(tensor.shape) for tensor in probe.inputs)
    return {
        "inputs": [
            {"name": name, "shape": list(shape)}
            for name, shape in zip(run.names, shapes, strict=True)
        ],
        "yours": yours,
        "reference": dict(reference(run.exercise, shapes)),
    }


@cache
def reference(exercise: Exercise, shapes: tuple[tuple[int, ...], ...]) -> Mapping[str, int]:
    """What the exercise costs as one Function (a composition: one for each step) in float32.

    It saves what its formulas for gradients need the values of, and runs the formulas' operations.
    """
    values = {name: torch.ones(shape) for name, shape in zip(exercise.inputs, shapes, strict=True)}
    kept, count, steps = [], 0, list(_steps(exercise))
    for one, args, result in steps:
        inputs = [values[name] for name in args]
        needed = needed_values(one)
        with torch.no_grad():
            count += operations(one, inputs)
            values[result] = output = _forward(one, inputs)
        known = dict(zip((*one.inputs, "y"), (*inputs, output), strict=True))
        kept += [known[name] for name in needed]
    return {
        "saved_tensors": len(kept),
        "saved_bytes": sum(tensor.numel() * tensor.element_size() for tensor in kept),
        "operations": count,
        "graph_nodes": len(steps),
    }


def _steps(exercise: Exercise) -> Iterator[tuple[Exercise, Sequence[str], str]]:
    """The Functions that an exercise takes: which, on what values, and how the result is called."""
    for step in exercise.steps:
        yield EXERCISES[step.entry], step.args, step.result
    if not exercise.steps:
        yield exercise, exercise.inputs, "y"


def _forward(exercise: Exercise, inputs: Sequence[Tensor]) -> Tensor:
    output = rule(exercise).forward(inputs)
    assert isinstance(output, Tensor)
    return output


def operations(exercise: Exercise, inputs: Sequence[Tensor]) -> int:
    """How many of PyTorch's operations the formulas run, forward and backward.

    Counted as in a cell: those that reach PyTorch's dispatcher.
    """
    upstream = torch.ones_like(_forward(exercise, inputs))
    with _Counting() as counting:
        y = _forward(exercise, inputs)
        for at in range(len(inputs)):
            rule(exercise).gradient(at, inputs, y, upstream)
    return int(counting.count)


class _Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the operations that run in it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.count = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # else the first use imports all of torch._dynamo, and whoever is graded waits

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


def needed_values(exercise: Exercise) -> list[str]:
    """Which inputs, or the result `y`, the gradients need the values of, not only the shapes."""
    found: dict[str, None] = {}
    for formula in exercise.gradients.values():
        found |= dict.fromkeys(_values(ast.parse(formula, mode="eval")))
    return [name for name in (*exercise.inputs, "y") if name in found]


def _values(tree: ast.AST) -> Iterator[str]:
    """The names in a formula whose values matter."""
    match tree:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(), attr=attr) if attr in _METADATA | _MEASURES:
            return
        case ast.Call(func=ast.Attribute(attr=attr), args=[_, *rest]) if attr in _LIKE:
            for other in rest:
                yield from _values(other)
        case _:
            for child in ast.iter_child_nodes(tree):
                yield from _values(child)
