"""Owns the variables of a tape: tensors whose gradient is asked for, and which elements lead on.

A choice among elements by their values is an operation with a derivative, however it is written.
It shows in that other elements lead on to nothing where the values are others.
"""

from __future__ import annotations

import builtins
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..hardening import trusted_torch

globals()["__builtins__"] = vars(builtins).copy()

_crc32, _zeros = zlib.crc32, np.zeros
_any, _all = np.logical_or.reduce, np.logical_and.reduce


class Variable:
    """A tensor whose gradient is asked for: an input, or what a Function gave."""

    __slots__ = ("end", "is_input", "start", "tensor")

    def __init__(self, tensor: Any, start: int, is_input: bool):
        """`start` is the number of its first element, `end` that of what comes after it."""
        self.tensor, self.start, self.is_input = tensor, start, is_input
        self.end = start + trusted_torch.numel(tensor)


class Kept:
    """Which elements of all variables lead on to what is asked for.

    NumPy's functions in C are asked, as they were before a file ran.
    """

    def __init__(self, variables: Sequence[Variable]) -> None:
        """`variables` are in the order of their numbers; of nothing is known yet that it leads."""
        self._variables = variables
        self._first = variables[0].start if variables else 0
        self._kept = _zeros(variables[-1].end - self._first if variables else 0, dtype=bool)

    def add(self, origin: Any) -> None:
        """These elements do: a Variable, a tensor of numbers with some below 0 that are nobody's,
        or None."""
        if type(origin) is Variable:
            self._kept[origin.start - self._first : origin.end - self._first] = True
        elif origin is not None:
            numbers = trusted_torch.numpy(origin)
            self._kept[numbers[numbers >= 0] - self._first] = True

    def has(self, variable: Variable) -> bool:
        """Whether any element of a variable does."""
        return bool(_any(self._of(variable), axis=None))

    def dropped(self) -> str:
        """A mark of the elements that do not, the same for the same ones; empty where there are
        none. What a Function gave, and nobody used, was no choice."""
        used = [one for one in self._variables if one.is_input or self.has(one)]
        masks = [one for one in map(self._of, used) if not _all(one, axis=None)]
        parts = sorted(mask.tobytes() for mask in masks)
        return f"{_crc32(b'|'.join(parts)):08x}" if parts else ""

    def _of(self, variable: Variable) -> Any:
        return self._kept[variable.start - self._first : variable.end - self._first]
