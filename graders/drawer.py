"""Owns how a probe is drawn: fresh numbers of a secret seed, in given shapes and layouts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Protocol

import torch
from torch import Tensor

from graders.exercise import Exercise, Shapes
from graders.probe import Probe, upstream_shapes

_POOL = 1024
"""Random numbers drawn for an exercise; its probes take them one after another, and around."""
_UPSTREAM = (1.25, 2.5)
"""Least and greatest magnitude of an upstream gradient: never 1, which would hide its loss."""


_WHOLE, _WHOLE_UPSTREAM = ((2, 3), (1, 6), (7, 8)), (4, 5)
"""Small whole numbers, used up from the left: an upstream gradient is none of the inputs."""


class Source(Protocol):
    """Where the numbers of a probe come from."""

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """A float64 tensor for an "input" or an "upstream" gradient, exact in `dtype`."""


def _secret(name: str, seed: bytes, size: int) -> bytes:
    return hashlib.blake2b(name.encode(), key=seed[:64], digest_size=size).digest()


class Wholes:
    """Small whole numbers of either sign for one small probe; the first of them all differ."""

    def __init__(self, name: str, seed: bytes):
        secret = iter(_secret(name, seed, 16))

        def drawn(few: Sequence[int]) -> Iterator[int]:
            order = sorted((next(secret), number) for number in few)
            return (number if byte % 2 else -number for byte, number in order)

        inputs = [number for few in _WHOLE for number in drawn(few)]
        self._left = {"input": cycle(inputs), "upstream": cycle(list(drawn(_WHOLE_UPSTREAM)))}

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """The next whole numbers."""
        left = self._left[kind]
        numbers = [float(next(left)) for _ in range(torch.Size(shape).numel())]
        return torch.tensor(numbers, dtype=torch.float64).view(shape)


class Numbers:
    """Random numbers of one exercise, with few decimals so that people can read them."""

    def __init__(self, exercise: Exercise, seed: bytes):
        generator = torch.Generator().manual_seed(
            int.from_bytes(_secret(exercise.slug, seed, 7), "big")
        )
        drawn = torch.rand(3, _POOL, generator=generator, dtype=torch.float64)
        sign = torch.where(drawn[2] < 0.5, -1.0, 1.0)
        self._pools = {}
        for kind, row, (low, high) in (("input", 0, exercise.values), ("upstream", 1, _UPSTREAM)):
            exact = ((low + (high - low) * drawn[row]) * sign).round(decimals=2)
            self._pools[kind, "float64"] = exact
            self._pools[kind, "float32"] = exact.float().double()
        self._extremes = torch.tensor(exercise.extremes, dtype=torch.float32).double()
        self._at = 0

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """A float64 tensor of numbers that `dtype` holds exactly."""
        size = 1
        for length in shape:
            size *= length
        if self._at + size > _POOL:
            self._at = 0
        self._at += size
        return self._pools[kind, dtype][self._at - size : self._at].view(shape)

    def extreme(self, number: int, shape: tuple[int, ...]) -> Tensor:
        """The exercise's extreme magnitudes in turn; each input starts at another one."""
        flat = torch.arange(max(1, torch.Size(shape).numel())) * (number + 1) + number
        return self._extremes[flat % len(self._extremes)].view(shape)

    def far_upstream(self, shape: tuple[int, ...], factor: float) -> Tensor:
        """Upstream gradients of another order of magnitude, and one 0 where there are several."""
        flat = (self.draw("upstream", shape, "float64") * factor).float().double().flatten()
        if len(flat) > 1:
            flat[len(flat) // 2] = 0.0
        return flat.view(shape)


class Drawer:
    """Draws probes of one exercise."""

    def __init__(self, exercise: Exercise, numbers: Source):
        self.exercise = exercise
        self.numbers = numbers

    def probe(
        self,
        name: str,
        shapes: Shapes,
        *,
        dtype: str = "float32",
        calls: tuple[tuple[int, ...], ...] = (),
        needs: tuple[bool, ...] = (),
        inputs: tuple[Tensor, ...] = (),
        upstream: tuple[Tensor, ...] = (),
        layout: str = "contiguous",
        upstream_layout: str = "contiguous",
        backwards: int = 1,
        apart: bool = False,
        echo: bool = True,
        watch: tuple[str, ...] = ("record",),
    ) -> Probe:
        """A probe with fresh numbers; what is left out is plain."""
        inputs = inputs or tuple(self.numbers.draw("input", shape, dtype) for shape in shapes)
        calls = calls or (tuple(range(len(inputs))),)
        needs = needs or (True,) * len(inputs)
        if any(needs) and not upstream:
            upstream = self._upstream(inputs, calls, dtype, upstream_layout)
        return Probe(
            id=f"{self.exercise.slug}/{name}",
            exercise=self.exercise,
            dtype=dtype,
            inputs=inputs,
            needs=needs,
            calls=calls,
            upstream=upstream,
            layouts=tuple(_laid_out(layout, shape.dim()) for shape in inputs),
            upstream_layout=upstream_layout,
            backwards=backwards if any(needs) else 0,
            apart=apart,
            echo=echo,
            watch=watch,
        )

    def _upstream(
        self, inputs: tuple[Tensor, ...], calls: Sequence[Sequence[int]], dtype: str, layout: str
    ) -> tuple[Tensor, ...]:
        upstream = []
        for args in calls:
            shape = upstream_shapes(self.exercise, [inputs[at] for at in args])
            if layout == "expanded":
                row = shape[-1:] if len(shape) > 1 else (1,)
                upstream.append(self.numbers.draw("upstream", row, dtype).expand(shape))
            else:
                upstream.append(self.numbers.draw("upstream", shape, dtype))
        return tuple(upstream)


def _laid_out(layout: str, dimensions: int) -> str:
    if layout == "contiguous" or dimensions == 0:
        return "contiguous"
    return "strided" if dimensions == 1 else "transposed"
