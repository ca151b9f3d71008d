"""Owns the random numbers of an exercise: magnitudes drawn of a secret seed, with planned signs.

Where a number stands, its sign and its size do not depend on the seed: what a wrong formula gets
does not, either.
"""

from __future__ import annotations

import hashlib
import itertools
import math
from functools import cache, partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from graders.model.exercise import Exercise
from graders.probes.draws import Draws
from graders.probes.signs import planned

Array = NDArray[np.floating[Any]]

_UPSTREAM = (1.25, 2.5)
"""Least and greatest magnitude of an upstream gradient: never 1, which would hide its loss."""
FAR = {"large": 1e6, "tiny": 1e-12}
"""Factors of upstream gradients, for those who clip large ones or drop small ones."""
_SIZES = ((0.0, 0.15), (0.22, 0.3), (0.85, 1.0))
"""Where low, middle and high numbers lie between the least and the greatest magnitude."""
_ABOVE = 1 + 2.0**-26
"""Times a number of a few bits, it is one that float32 can only round down, to those few bits."""


class Magnitudes:
    """All magnitudes that numbers of one kind may have, the low ones first: few decimals, so that
    people can read them, and none that float32 holds exactly, as it does 1."""

    def __init__(self, low: float, high: float):
        decimals = max(2, math.ceil(-math.log10((high - low) / 80)))
        width = high - low
        found = [
            _between(low + least * width, low + most * width, decimals) for least, most in _SIZES
        ]
        self.counts = [len(some) for some in found]
        self.starts = [sum(self.counts[:size]) for size in range(len(found))]
        self.all: Array = np.concatenate(found)
        self.bits = math.ceil(decimals * math.log2(10))
        """As many as keep them apart from each other when they are rounded."""
        self._sizes = np.repeat(np.arange(len(found)), self.counts) << 16

    def shuffled(self, secret: NDArray[np.uint16]) -> Array:
        """The same numbers, those of each size in another order."""
        shuffled: Array = self.all[(self._sizes + secret).argsort()]
        return shuffled


def _between(low: float, high: float, decimals: int) -> Array:
    unit = 10**decimals
    numbers = np.arange(math.ceil(low * unit), math.floor(high * unit) + 1) / unit
    inexact: Array = numbers[numbers != numbers.astype(np.float32)]
    return inexact


@cache
def magnitudes(low: float, high: float) -> Magnitudes:
    """The magnitudes in a range, kept for the life of the process."""
    return Magnitudes(low, high)


def _float64(numbers: Array, bits: int) -> Array:
    """Numbers near these of which float32 loses something, and the same part of each: so it loses
    that of their products, too, and rounding cannot make up for it."""
    few: Array = np.rint(numbers * 2.0**bits) / 2.0**bits
    return few * _ABOVE


def _pools(exercise: Exercise, seed: bytes) -> Tensor:
    """All numbers, and once more with a minus. In numpy, where small steps take half of torch's
    time."""
    inputs, upstream = magnitudes(*exercise.values), magnitudes(*_UPSTREAM)
    count, both = len(inputs.all), len(inputs.all) + len(upstream.all)
    named = exercise.slug.encode() + b"\0" + seed
    secret = np.frombuffer(hashlib.shake_256(named).digest(2 * both), np.uint16)
    first, second = inputs.shuffled(secret[:count]), upstream.shuffled(secret[count:])
    narrow = [first, second, *(second * factor for factor in FAR.values())]
    numbers = np.concatenate(
        [
            _float64(first, inputs.bits),
            _float64(second, upstream.bits),
            np.concatenate(narrow).astype(np.float32),
        ]
    )
    return torch.from_numpy(np.concatenate([numbers, -numbers]))


class Numbers:
    """Random numbers of one exercise; its probes take them one after another, and around."""

    def __init__(self, exercise: Exercise, draws: Draws):
        inputs, upstream = magnitudes(*exercise.values), magnitudes(*_UPSTREAM)
        self._of = {"input": inputs, "upstream": upstream}
        pools = (("input", "float64"), ("upstream", "float64"), ("input", "float32"),
                 *(("upstream", sort) for sort in ("float32", *FAR)))  # fmt: skip
        self._starts, self._minus = {}, 0
        for kind, sort in pools:
            self._starts[kind, sort] = self._minus
            self._minus += len(self._of[kind].all)
        self._start = draws.add(2 * self._minus, partial(_pools, exercise))
        extremes = torch.tensor(exercise.extremes, dtype=torch.float32).double()
        self._extremes = draws.constant(extremes)
        self._zero = int(draws.constant(torch.zeros((), dtype=torch.float64)))
        self._taken = {(kind, size): 0 for kind in self._of for size in range(len(_SIZES))}

    def draw(
        self, kind: str, shape: tuple[int, ...], dtype: str, at: int = 0, turn: int = 0
    ) -> Tensor:
        """Places of numbers that `dtype` holds exactly."""
        start = self._start + self._starts[kind, dtype]
        places = [
            start + self._next(kind, size) + (self._minus if sign < 0 else 0)
            for sign, size in planned(kind, torch.Size(shape).numel(), at, turn)
        ]
        return torch.tensor(places, dtype=torch.int64).view(shape)

    def _next(self, kind: str, size: int) -> int:
        of, taken = self._of[kind], self._taken[kind, size]
        self._taken[kind, size] += 1
        return of.starts[size] + taken % of.counts[size]

    def extreme(self, number: int, shape: tuple[int, ...]) -> Tensor:
        """The exercise's extreme magnitudes, all of them in turn; each input starts at another one,
        and the first few go on in other steps."""
        most = len(self._extremes)
        step = next(each for each in itertools.count(number + 1) if math.gcd(each, most) == 1)
        flat = torch.arange(max(1, torch.Size(shape).numel())) * step + number
        return self._extremes[flat % most].view(shape)

    def far_upstream(self, shape: tuple[int, ...], far: str) -> Tensor:
        """Upstream gradients of another order of magnitude; one of several tiny ones is 0."""
        flat = self.draw("upstream", shape, far).flatten()
        if far == "tiny" and len(flat) > 1:
            flat[len(flat) // 2] = self._zero
        return flat.view(shape)
