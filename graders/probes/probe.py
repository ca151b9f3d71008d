"""Owns what one probe is: inputs, the calls made on them, and what comes from upstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain

import torch
from torch import Tensor

from graders.model.comparison import Wanted
from graders.model.exercise import Exercise
from graders.model.formulas import UNDEFINED, Rule, Undefined, Value, rule


class ProbeKind(StrEnum):
    """What a probe is there for; the first word of its name."""

    BASIC = "basic"
    FLOAT64 = "float64"
    SCALARS = "scalars"
    SHAPES = "shapes"
    NEEDS = "needs"
    """Some of the inputs need no gradient."""
    INPUT_TWICE = "input-twice"
    TWO_CALLS = "two-calls"
    BACKWARD_TWICE = "backward-twice"
    NON_CONTIGUOUS = "non-contiguous"
    EXTREME = "extreme"
    EMPTY = "empty"
    SMALL = "small"
    CURVE = "curve"


UNSCORED = frozenset({ProbeKind.SMALL, ProbeKind.CURVE})
"""Kinds of probes that give no points."""
EVERYDAY = (ProbeKind.BASIC, ProbeKind.FLOAT64, ProbeKind.SCALARS, ProbeKind.SHAPES)
"""Everyday inputs, each of which needs its gradient."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a rule gives on a probe: one output for each call, one gradient for each input."""

    outputs: tuple[Tensor | Undefined, ...]
    grads: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class Probe:
    """One run of an entry in a cell.

    `inputs` and `upstream` are float64 tensors that hold exactly the numbers sent as `dtype`; in a
    template they are int64, and say where in a row the numbers stand.
    Each of `calls` names the inputs, by index, that one call gets; `upstream` has one tensor for
    each call, or none at all when no backward is asked for. `engine` says that PyTorch's engine has
    to be asked too, and not only the formulas; `watch` what to look at: the "graph" in an ordinary
    run, the "operations" in a direct one. `apart` asks for a backward pass from the second output
    first, and then for one from all others: whoever keeps what belongs to a call in one place, or
    in a stack or a queue, is wrong in the one or in the other.
    """

    id: str
    exercise: Exercise
    dtype: str
    inputs: tuple[Tensor, ...]
    needs: tuple[bool, ...]
    calls: tuple[tuple[int, ...], ...]
    upstream: tuple[Tensor, ...]
    layouts: tuple[str, ...]
    upstream_layout: str = "contiguous"
    backwards: int = 1
    apart: bool = False
    echo: bool = False
    engine: bool = False
    watch: tuple[str, ...] = ()

    def filled(self, inputs: tuple[Tensor, ...], upstream: tuple[Tensor, ...]) -> Probe:
        """This one of a template, with numbers in it."""
        return Probe(
            self.id,
            self.exercise,
            self.dtype,
            inputs,
            self.needs,
            self.calls,
            upstream,
            self.layouts,
            self.upstream_layout,
            self.backwards,
            self.apart,
            self.echo,
            self.engine,
            self.watch,
        )

    @cached_property
    def kind(self) -> ProbeKind:
        """What it is there for."""
        return ProbeKind(self.id.split("/")[1])

    @property
    def gives_points(self) -> bool:
        """Whether every file is asked it; others only show a failure."""
        return self.kind not in UNSCORED

    @cached_property
    def size(self) -> int:
        """Numbers in all inputs together: smaller is easier to read."""
        return sum(tensor.numel() for tensor in self.inputs)

    @cached_property
    def scale(self) -> float:
        """What is small in a gradient: 1, or less where all that comes from upstream is less.

        A gradient grows with the one upstream, and so does what rounding leaves in it.
        """
        flat = chain.from_iterable(one.flatten().tolist() for one in self.upstream)
        return min(1.0, max(map(abs, flat), default=1.0))

    @cached_property
    def truth(self) -> Expected:
        """What a right implementation gives; computed once."""
        return self.expected(rule(self.exercise))

    @cached_property
    def wanted_outputs(self) -> tuple[Wanted, ...]:
        """The right outputs, ready for being compared."""
        outputs = self.truth.outputs
        assert all(isinstance(want, Tensor) for want in outputs)
        return tuple(Wanted(want, self.dtype) for want in outputs if isinstance(want, Tensor))

    @cached_property
    def wanted_grads(self) -> tuple[Wanted | None, ...]:
        """The right gradients, ready for being compared; None where there is none."""
        return tuple(
            Wanted(want, self.dtype, self.scale) if isinstance(want, Tensor) else None
            for want in self.truth.grads
        )

    def expected(self, by: Rule) -> Expected:
        """What `by` gives. Gradients of an input used in several calls are added up."""
        outputs: list[Tensor | Undefined] = []
        grads: list[Value] = [None] * len(self.inputs)
        for number, args in enumerate(self.calls):
            inputs = [self.inputs[at] for at in args]
            outputs.append(output := by.forward(inputs))
            if not self.upstream or isinstance(output, Undefined):
                continue
            for position, at in enumerate(args):
                if self.needs[at]:
                    more = by.gradient(position, inputs, output, self.upstream[number])
                    grads[at] = _added(grads[at], more)
        return Expected(tuple(outputs), tuple(grads))

    def steps(self) -> tuple[list[dict[str, object]], list[int]]:
        """The calls as the cell wants them, and which of its values are the outputs."""
        steps: list[dict[str, object]] = []
        outputs = []
        for args in self.calls:
            names = dict(zip(self.exercise.inputs, args, strict=True))
            for step in self.exercise.steps or (None,):
                entry = step.entry if step else self.exercise.slug
                values = [names[name] for name in step.args] if step else list(args)
                steps.append({"entry": entry, "args": values})
                if step:
                    names[step.result] = len(self.inputs) + len(steps) - 1
            outputs.append(len(self.inputs) + len(steps) - 1)
        return steps, outputs


def _added(one: Value, other: Value) -> Value:
    if one is None or other is None:
        return one if other is None else other
    if isinstance(one, Undefined) or isinstance(other, Undefined) or one.shape != other.shape:
        return UNDEFINED
    return one + other


def upstream_shape(exercise: Exercise, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The shape of the right result for inputs of these shapes."""
    output = rule(exercise).forward([torch.zeros(shape) for shape in shapes])
    if isinstance(output, Undefined):
        raise ValueError(f"the reference of {exercise.slug!r} fails on its own shapes")
    return tuple(output.shape)
