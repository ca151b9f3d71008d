"""Owns the probes that give no points: small ones to show a failure on, and one to plot.

A file without a failure is never asked them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import torch

from graders.model.exercise import Exercise, Shapes
from graders.model.formulas import rule
from graders.probes.builder import ProbeBuilder
from graders.probes.draws import Draws, Wholes
from graders.probes.probe import Probe, ProbeKind

_RANGE, _POINTS = 6.0, 33
UPSTREAM = 2.0
"""The upstream gradient of every point of a curve: not 1, which would hide its loss."""


def unscored(exercise: Exercise, draws: Draws) -> Iterator[Probe]:
    """Small probes with small whole numbers, the smallest first, then the curve if there is one."""
    for rung, shapes in enumerate(_ladder(exercise.shapes[0])):
        name = f"{ProbeKind.SMALL}/{rung}"
        builder = ProbeBuilder(exercise, Wholes(f"{exercise.slug}/{name}", draws))
        yield builder.probe(name, shapes, echo=False)
    if is_elementwise(exercise):
        x = torch.linspace(-_RANGE, _RANGE, _POINTS, dtype=torch.float64)
        inputs, upstream = (draws.constant(x),), (draws.constant(torch.full_like(x, UPSTREAM)),)
        builder = ProbeBuilder(exercise, Wholes(exercise.slug, draws))
        yield builder.probe(ProbeKind.CURVE, (), inputs=inputs, upstream=upstream, echo=False)


@cache
def _ladder(plain: Shapes) -> tuple[Shapes, ...]:
    """Shapes as the plain ones, but with lengths of 1; then one length after another is 2.

    Lengths that are the same in the plain shapes stay the same; the last ones grow first.
    """
    lengths = list(dict.fromkeys(length for shape in reversed(plain) for length in reversed(shape)))
    return tuple(
        tuple(tuple(1 + (length in lengths[:grown]) for length in shape) for shape in plain)
        for grown in range(len(lengths) + 1)
    )


@cache
def is_elementwise(exercise: Exercise) -> bool:
    """Whether it has one input, each element of which gives one element of the result."""
    if len(exercise.inputs) != 1:
        return False
    forward = rule(exercise).forward
    x = torch.tensor([-1.5, 0.5, 2.0], dtype=torch.float64)
    whole, parts = forward([x]), [forward([x[:1]]), forward([x[1:]])]
    values = [part for part in parts if isinstance(part, torch.Tensor) and part.dim() == 1]
    return (
        isinstance(whole, torch.Tensor)
        and len(values) == len(parts)
        and whole.shape == x.shape
        and torch.equal(whole, torch.cat(values))
    )
