"""Owns the numbers of a plan: all of them in one row, fresh ones of a secret seed.

Where a number stands does not depend on the seed, so it is settled once for all plans of the same
exercises, and a submission costs no more than the row itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle, islice
from typing import Protocol

import torch
from torch import Tensor

_WHOLE, _WHOLE_UPSTREAM = ((2, 3), (1, 6), (7, 8)), (4, 5)
"""Small whole numbers, used up from the left: an upstream gradient is none of the inputs."""
_WHOLES = 6, 2
"""How many of them there are for inputs, and for upstream gradients."""


class Draws:
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


class NumberSource(Protocol):
    """Where the numbers of a probe come from."""

    def draw(
        self, kind: str, shape: tuple[int, ...], dtype: str, at: int = 0, turn: int = 0
    ) -> Tensor:
        """Places of numbers for an "input" or an "upstream" gradient, exact in `dtype`.

        They are for the input numbered `at`; each call of each probe has its own `turn`.
        """


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

    def __init__(self, name: str, draws: Draws):
        inputs, upstream = _WHOLES
        start = draws.add(inputs + upstream, partial(_wholes, name))
        middle, end = start + inputs, start + inputs + upstream
        self._left = {"input": cycle(range(start, middle)), "upstream": cycle(range(middle, end))}

    def draw(
        self, kind: str, shape: tuple[int, ...], dtype: str, at: int = 0, turn: int = 0
    ) -> Tensor:
        """Places of the next whole numbers."""
        places = list(islice(self._left[kind], torch.Size(shape).numel()))
        return torch.tensor(places, dtype=torch.int64).view(shape)
