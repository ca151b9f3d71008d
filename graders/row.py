"""Owns the numbers of a plan: all of them in one row, fresh ones of a secret seed.

Where a number stands does not depend on the seed, so it is settled once for all plans of the same
exercises, and a submission costs no more than the row itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from graders.exercise import Exercise

Array = NDArray[np.floating[Any]]

_POOL = 320
"""Random numbers drawn for an exercise; its probes take them one after another, and around."""
_UPSTREAM = (1.25, 2.5)
"""Least and greatest magnitude of an upstream gradient: never 1, which would hide its loss."""
FAR = {"large": 1e6, "tiny": 1e-12}
"""Factors of upstream gradients, for those who clip large ones or drop small ones."""
_POOLS = (
    *(("input", dtype) for dtype in ("float64", "float32")),
    *(("upstream", sort) for sort in ("float64", "float32", *FAR)),
)

_IN_TURN = np.tile([-1.0, 1.0], _POOL // 2)
_WHOLE, _WHOLE_UPSTREAM = ((2, 3), (1, 6), (7, 8)), (4, 5)
"""Small whole numbers, used up from the left: an upstream gradient is none of the inputs."""
_WHOLES = 6, 2
"""How many of them there are for inputs, and for upstream gradients."""


class Row:
    """Parts of a row, each drawn by itself; places in it are int64 tensors."""

    def __init__(self) -> None:
        self._parts: list[Callable[[bytes], Tensor]] = []
        self._end = 0

    def add(self, length: int, part: Callable[[bytes], Tensor]) -> int:
        """Where a part begins that `part` draws of a seed: float64, shape (length,)."""
        self._parts.append(part)
        self._end += length
        return self._end - length

    def constant(self, numbers: Tensor) -> Tensor:
        """The places, in the same shape, of float64 numbers that are no secret."""
        flat = numbers.flatten()
        start = self.add(len(flat), lambda _seed: flat)
        return torch.arange(start, self._end).view(numbers.shape)

    def drawn(self, seed: bytes) -> Tensor:
        """The whole row for a seed, float64."""
        return torch.cat([part(seed) for part in self._parts])


class Source(Protocol):
    """Where the numbers of a probe come from."""

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """Places of numbers for an "input" or an "upstream" gradient, exact in `dtype`."""


def _secret(name: str, seed: bytes, size: int) -> bytes:
    return hashlib.blake2b(name.encode(), key=seed[:64], digest_size=size).digest()


def _wholes(name: str, seed: bytes) -> Tensor:
    secret = iter(_secret(name, seed, 16))

    def drawn(few: Sequence[int]) -> Iterator[float]:
        order = sorted((next(secret), number) for number in few)
        return (float(number if byte % 2 else -number) for byte, number in order)

    numbers = [number for few in (*_WHOLE, _WHOLE_UPSTREAM) for number in drawn(few)]
    return torch.tensor(numbers, dtype=torch.float64)


class Wholes:
    """Small whole numbers of either sign for one small probe; the first of them all differ."""

    def __init__(self, name: str, row: Row):
        inputs, upstream = _WHOLES
        start = row.add(inputs + upstream, partial(_wholes, name))
        middle, end = start + inputs, start + inputs + upstream
        self._left = {"input": cycle(range(start, middle)), "upstream": cycle(range(middle, end))}

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """Places of the next whole numbers."""
        places = list(islice(self._left[kind], torch.Size(shape).numel()))
        return torch.tensor(places, dtype=torch.int64).view(shape)


def _magnitudes(low: float, high: float, drawn: Array) -> Array:
    """All numbers of two decimals in a range, in a random order, and again in another one."""
    first, count = round(low * 100), round((high - low) * 100) + 1
    rounds = _POOL // count + 1
    shuffled = drawn[: rounds * count].reshape(rounds, count).argsort(1).ravel()
    magnitudes: Array = (first + shuffled[:_POOL]) / 100
    return magnitudes


def _narrow(numbers: Array) -> Array:
    """The numbers as float32 holds them."""
    return numbers.astype(np.float32).astype(np.float64)


def _pools(exercise: Exercise, seed: bytes) -> Tensor:
    """In the order of `_POOLS`, with few decimals so that people can read them.

    Whether a wrong formula shows must not depend on luck. Numbers near each other differ in their
    magnitudes, and upstream gradients are negative and positive in turn, the first one of a sum
    negative. In numpy, where small steps take half of torch's time.
    """
    generator = torch.Generator().manual_seed(
        int.from_bytes(_secret(exercise.slug, seed, 7), "big")
    )
    signs, *drawn = torch.rand(5, _POOL, generator=generator).numpy()
    inputs = np.where(signs < 0.5, -1, 1) * _magnitudes(*exercise.values, np.concatenate(drawn[:2]))
    upstream = _IN_TURN * _magnitudes(*_UPSTREAM, np.concatenate(drawn[2:]))
    far = [_narrow(upstream * factor) for factor in FAR.values()]
    pools = [inputs, _narrow(inputs), upstream, _narrow(upstream), *far]
    return torch.from_numpy(np.concatenate(pools))


class Numbers:
    """Random numbers of one exercise."""

    def __init__(self, exercise: Exercise, row: Row):
        start = row.add(len(_POOLS) * _POOL, partial(_pools, exercise))
        self._starts = {pool: start + at * _POOL for at, pool in enumerate(_POOLS)}
        extremes = torch.tensor(exercise.extremes, dtype=torch.float32).double()
        self._extremes = row.constant(extremes)
        self._zero = int(row.constant(torch.zeros((), dtype=torch.float64)))
        self._at = 0

    def draw(self, kind: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """Places of numbers that `dtype` holds exactly."""
        size = torch.Size(shape).numel()
        if self._at + size > _POOL:
            self._at = 0
        self._at += size
        end = self._starts[kind, dtype] + self._at
        return torch.arange(end - size, end).view(shape)

    def extreme(self, number: int, shape: tuple[int, ...]) -> Tensor:
        """The exercise's extreme magnitudes in turn; each input starts at another one."""
        flat = torch.arange(max(1, torch.Size(shape).numel())) * (number + 1) + number
        return self._extremes[flat % len(self._extremes)].view(shape)

    def far_upstream(self, shape: tuple[int, ...], far: str) -> Tensor:
        """Upstream gradients of another order of magnitude; one of several tiny ones is 0."""
        flat = self.draw("upstream", shape, far).flatten()
        if far == "tiny" and len(flat) > 1:
            flat[len(flat) // 2] = self._zero
        return flat.view(shape)
