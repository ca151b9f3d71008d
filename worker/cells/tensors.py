"""Owns making tensors of a cell's bytes, on the trusted side, without trusting them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeGuard

import torch

from worker.cell.frames import DIMENSIONS
from worker.cells.limits import Limits
from worker.cells.wire import Violation

_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.bool,
        torch.uint8,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.float16,
        torch.bfloat16,
        torch.float32,
        torch.float64,
        torch.complex64,
        torch.complex128,
    )
}


class Tensors:
    """Counts the tensors of one run, in all its frames."""

    def __init__(self, limits: Limits) -> None:
        self._left, self._largest = limits.tensors, limits.frame_bytes

    def reader(self, body: bytes) -> Callable[[object], torch.Tensor]:
        """A function from a frame's `{"dtype", "shape", "at"}` to a tensor of its own memory."""

        def read(value: object) -> torch.Tensor:
            self._left -= 1
            if self._left < 0:
                raise Violation("too many tensors came")
            if not isinstance(value, dict):
                raise Violation("a tensor was expected")
            word, shape, at = value.get("dtype"), value.get("shape"), value.get("at")
            dtype = _DTYPES.get(word) if isinstance(word, str) else None
            if dtype is None or type(at) is not int or not _is_shape(shape, self._largest):
                raise Violation("a tensor without a known dtype, shape and place")
            return _decode(body, dtype, shape, at)

        return read


def _is_shape(shape: Any, largest: int) -> TypeGuard[list[int]]:
    """Whether a frame could hold it, were no dimension 0: what is empty may be no longer.

    Its sender would not have paid for the length, and whoever goes over it would.
    """
    if not isinstance(shape, list) or len(shape) > DIMENSIONS:
        return False
    if not all(type(size) is int and 0 <= size <= largest for size in shape):
        return False
    return int(math.prod(max(size, 1) for size in shape)) <= largest


def _decode(body: bytes, dtype: torch.dtype, shape: list[int], at: int) -> torch.Tensor:
    count = math.prod(shape)
    end = at + count * dtype.itemsize
    if at < 0 or end > len(body):
        raise Violation("a tensor reaches beyond its frame")
    if count == 0:
        return torch.empty(shape, dtype=dtype)
    if dtype == torch.bool:  # any byte but 0 is True; other bytes are no bools
        raw = torch.frombuffer(bytearray(body[at:end]), dtype=torch.uint8)
        return (raw != 0).reshape(shape)
    return torch.frombuffer(bytearray(body[at:end]), dtype=dtype).reshape(shape)
