"""Owns which elements an entry drops between its Functions: those that lead on to nothing.

A choice among elements by their values is an operation with a derivative, however it is written,
and shows in that other ones are dropped where the values are others.
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


def mark(variables: Sequence[tuple[int, int]], used: Iterable[Any]) -> str:
    """A mark that is the same for the same dropped elements; empty where none is.

    `variables` has the number of the first element and of all elements of each, in order; `used`
    the tensors of numbers that led on, less than 0 where no variable's is.
    """
    if not variables:
        return ""
    first, (start, count) = variables[0][0], variables[-1]
    kept = torch.zeros(start + count - first, dtype=torch.bool)
    for numbers in used:
        kept[numbers[numbers >= 0] - first] = True
    masks = [kept[at - first : at - first + count] for at, count in variables]
    parts = [trusted_torch.numpy(mask).tobytes() for mask in masks if not bool(mask.all())]
    return f"{_crc32(b'|'.join(sorted(parts))):08x}" if parts else ""
