"""Owns making tensors of a cell's bytes, on the trusted side, without trusting them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeGuard

import torch

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
_DIMENSIONS = 16
_LARGEST = 1 << 31


class Tensors:
    """Counts the tensors of one run, in all its frames."""

    def __init__(self, most: int) -> None:
        self._left = most

    def reader(self, body: bytes) -> Callable[[object], torch.Tensor]:
        """A function from a frame's `{"dtype", "shape", "at"}` to a tensor of its own memory."""

        def read(value: object) -> torch.Tensor:
            self._left -= 1
            if self._left < 0:
                raise Violation("too many tensors came")
            if not isinstance(value, dict):
                raise Violation("a tensor was expected")
            dtype = _DTYPES.get(str(value.get("dtype")))
            shape, at = value.get("shape"), value.get("at")
            if dtype is None or type(at) is not int or not _is_shape(shape):
                raise Violation("a tensor without a known dtype, shape and place")
            return _decode(body, dtype, shape, at)

        return read


def _is_shape(shape: Any) -> TypeGuard[list[int]]:
    if not isinstance(shape, list) or len(shape) > _DIMENSIONS:
        return False
    if not all(type(size) is int and 0 <= size <= _LARGEST for size in shape):
        return False
    return int(math.prod(max(size, 1) for size in shape)) <= _LARGEST


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
