"""Owns the variables of a tape: tensors whose gradient is asked for, and which elements lead on.

A choice among elements by their values is an operation with a derivative, however it is written.
It shows in that other elements lead on to nothing where the values are others.
"""

from __future__ import annotations

import builtins
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import torch

from ..hardening import trusted_torch

globals()["__builtins__"] = vars(builtins).copy()

_crc32 = zlib.crc32


class Variable:
    """A tensor whose gradient is asked for: an input, or what a Function gave."""

    __slots__ = ("end", "is_input", "start", "tensor")

    def __init__(self, tensor: Any, start: int, is_input: bool):
        """`start` is the number of its first element, `end` that of what comes after it."""
        self.tensor, self.start, self.is_input = tensor, start, is_input
        self.end = start + trusted_torch.numel(tensor)


def dropped(variables: Sequence[Variable], origins: Iterable[Any]) -> str:
    """A mark of the elements that lead on to nothing, the same for the same ones; empty where there
    are none.

    `variables` are in the order of their numbers. Each of `origins` says whose elements led on: a
    Variable, a tensor of numbers with some below 0 that are nobody's, or None.
    """
    if not variables:
        return ""
    first = variables[0].start
    kept = torch.zeros(variables[-1].end - first, dtype=torch.bool)
    for origin in origins:
        if type(origin) is Variable:
            kept[origin.start - first : origin.end - first] = True
        elif origin is not None:
            kept[origin[origin >= 0] - first] = True
    masks = [kept[one.start - first : one.end - first] for one in variables]
    parts = [trusted_torch.numpy(mask).tobytes() for mask in masks if not bool(mask.all())]
    return f"{_crc32(b'|'.join(sorted(parts))):08x}" if parts else ""
