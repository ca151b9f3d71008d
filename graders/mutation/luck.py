"""Owns the question whether what a wrong file gets depends on its seed, by judging formulas alone.

A score follows from which results and gradients of which probes are right. So each formula is
worked out for many seeds at once, and each of its numbers has to be right for all of them, or wrong
for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from graders.model.comparison import TOLERANCES
from graders.model.exercise import Exercise, Misconception
from graders.model.formulas import Rule, Undefined, Value, rule
from graders.probes.probe import UNSCORED, Probe, ProbeKind
from graders.probes.template import template

SEEDS = 1000
_LUCKLESS = UNSCORED | {ProbeKind.EMPTY}
"""Kinds of probes that give no points, or have no numbers."""


@dataclass(frozen=True, slots=True)
class Luck:
    """In how many of all seeds a result or a gradient of a probe is right."""

    probe: str
    what: str
    times: int


class SeededProbes:
    """All probes of an exercise that give points, for many seeds at once."""

    def __init__(self, exercise: Exercise, seeds: int = SEEDS):
        shared = template((exercise,))
        self.exercise, self.seeds = exercise, seeds
        numbers = torch.stack([shared.drawn(b"seed %d" % one) for one in range(seeds)])
        places = torch.arange(numbers.shape[1], dtype=torch.float64)
        self._probes = [one for one in shared.filled(places) if one.kind not in _LUCKLESS]
        self._given = {probe.id: self._numbers_of(probe, numbers) for probe in self._probes}
        self._scales = {probe.id: self._scale(probe) for probe in self._probes}
        self._truth = {probe.id: self._worked_out(probe, rule(exercise)) for probe in self._probes}

    @staticmethod
    def _numbers_of(probe: Probe, numbers: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Inputs and upstream gradients of a probe, the seeds along the first dimension."""
        inputs = [numbers[:, places.long()] for places in probe.inputs]
        return inputs, [numbers[:, places.long()] for places in probe.upstream]

    def right(self, by: Rule) -> Iterator[Luck]:
        """How often each result and each gradient that `by` gives is right."""
        for probe in self._probes:
            count, one, scale = len(probe.calls), torch.ones(()), self._scales[probe.id]
            pairs = zip(self._worked_out(probe, by), self._truth[probe.id], strict=True)
            for at, (got, want) in enumerate(pairs):
                if isinstance(want, Tensor):
                    is_result = at < count
                    what = f"result {at + 1}" if is_result else f"gradient {at - count + 1}"
                    times = self._times(got, want, probe.dtype, one if is_result else scale)
                    yield Luck(probe.id, what, times)

    def depends(self, by: Rule) -> list[Luck]:
        """What is right for some seeds, and wrong for others."""
        return [luck for luck in self.right(by) if 0 < luck.times < self.seeds]

    def _worked_out(self, probe: Probe, by: Rule) -> list[Value]:
        """Results, then gradients, the seeds along the first dimension."""
        inputs, upstream = self._given[probe.id]
        last: list[Value] = []

        def one(*numbers: Tensor) -> list[Tensor]:
            nonlocal last
            given = numbers[: len(inputs)], numbers[len(inputs) :]
            found = probe.filled(*given).expected(by)
            last = [*found.outputs, *found.grads]
            return [value for value in last if isinstance(value, Tensor)]

        several = iter(torch.vmap(one)(*inputs, *upstream))
        return [next(several) if isinstance(value, Tensor) else value for value in last]

    def _scale(self, probe: Probe) -> Tensor:
        """As `Probe.scale`, for each seed."""
        _, upstream = self._given[probe.id]
        flat = [one.reshape(self.seeds, -1) for one in upstream]
        return _largest(torch.cat(flat, 1)).clamp(max=1.0) if flat else torch.ones(())

    def _times(self, got: Value, want: Tensor, dtype: str, scale: Tensor) -> int:
        """In how many seeds `got` would be taken for `want`, as `Wanted` compares."""
        if not isinstance(got, Tensor) or got.shape != want.shape:
            return 0
        relative, absolute = TOLERANCES[dtype]
        got, want = got.reshape(self.seeds, -1), want.reshape(self.seeds, -1)
        slack = absolute * torch.maximum(_largest(want), scale)[:, None] + relative * want.abs()
        return int(((got - want).abs() <= slack).all(1).sum())


def _largest(flat: Tensor) -> Tensor:
    return flat.abs().amax(1)


class InFloat32(Rule):
    """The right formulas, worked out in float32: the result, or the gradients, or no more than what
    comes from upstream."""

    def __init__(self, exercise: Exercise, *, which: str):
        super().__init__(exercise)
        self._which = which

    def forward(self, inputs: Sequence[Tensor]) -> Tensor | Undefined:
        given = [one.float() for one in inputs] if self._which == "result" else inputs
        result = super().forward(given)
        return result.double() if isinstance(result, Tensor) else result

    def gradient(self, at: int, inputs: Sequence[Tensor], y: Tensor, dzdy: Tensor) -> Value:
        if self._which == "upstream":
            dzdy = dzdy.float().double()
        elif self._which == "gradients":
            inputs, y, dzdy = [one.float() for one in inputs], y.float(), dzdy.float()
        result = super().gradient(at, inputs, y, dzdy)
        return result.double() if isinstance(result, Tensor) else result


def wrong_files(exercise: Exercise) -> Iterator[tuple[str, Rule]]:
    """What each does, in words, and its formulas."""
    for wrong in exercise.misconceptions:
        yield wrong.name, rule(exercise, wrong)
    yield from _empty_handed(exercise)
    yield from _blind_to_signs(exercise)
    for which in ("result", "gradients", "upstream"):
        yield f"{which} in float32", InFloat32(exercise, which=which)


def _empty_handed(exercise: Exercise) -> Iterator[tuple[str, Rule]]:
    values = {
        "zeros": "torch.zeros_like({0})",
        "ones": "torch.ones_like({0})",
        "NaN": "{0} * float('nan')",
        "its input": "{0}",
        "its upstream gradient": "dzdy",
        "None": "None",
    }
    for words, value in values.items():
        every = {name: value.format(name) for name in exercise.inputs}
        for names in (exercise.inputs, *([name] for name in exercise.inputs)):
            given = {name: every[name] for name in names}
            yield f"{words} for {', '.join(names)}", _rule(exercise, gradients=given)
        if words not in ("None", "its upstream gradient"):
            like = exercise.inputs[0] if words == "its input" else f"({exercise.reference})"
            yield f"{words} for the result", _rule(exercise, forward=value.format(like))


def _blind_to_signs(exercise: Exercise) -> Iterator[tuple[str, Rule]]:
    """Files that are right where upstream gradients happen to be of one sign."""
    for how in (".abs()", ".clamp(min=0)", ".clamp(max=0)"):
        gradients = {
            name: re.sub(r"\bdzdy\b", f"dzdy{how}", formula)
            for name, formula in exercise.gradients.items()
        }
        yield f"dzdy{how}", _rule(exercise, gradients=gradients)


def _rule(
    exercise: Exercise, forward: str | None = None, gradients: dict[str, str] | None = None
) -> Rule:
    return Rule(exercise, Misconception("", "", "", forward, gradients or {}))
