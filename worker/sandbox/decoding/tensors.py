"""Owns making tensors of a cell's bytes, on the trusted side, without trusting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from worker.cell.protocol import DIMENSIONS
from worker.sandbox.decoding.frames import Violation
from worker.sandbox.limits import Limits

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
        """A function from a frame's `{"dtype", "shape", "at"}` to a tensor.

        All tensors of a frame share its memory, so nobody may write into them.
        """
        buffer = bytearray(body)  # torch warns of memory that cannot be written to

        def read(value: object) -> torch.Tensor:
            self._left -= 1
            if self._left < 0:
                raise Violation("too many tensors came")
            if not isinstance(value, dict):
                raise Violation("a tensor was expected")
            word, at = value.get("dtype"), value.get("at")
            shape: Any = value.get("shape")
            dtype = _DTYPES.get(word) if isinstance(word, str) else None
            count = _count(shape, self._largest)
            if dtype is None or type(at) is not int or count is None:
                raise Violation("a tensor without a known dtype, shape and place")
            return _decode(buffer, dtype, shape, count, at)

        return read


def _count(shape: Any, largest: int) -> int | None:
    """How many elements a shape has; None for what is no shape of a tensor in a frame.

    A frame could hold it, were no dimension 0: what is empty may be no longer. Its sender would not
    have paid for the length, and whoever goes over it would.
    """
    if not isinstance(shape, list) or len(shape) > DIMENSIONS:
        return None
    count = span = 1
    for size in shape:
        if type(size) is not int or not 0 <= size <= largest:
            return None
        count *= size
        span *= size or 1
    return count if span <= largest else None


def _decode(
    buffer: bytearray, dtype: torch.dtype, shape: list[int], count: int, at: int
) -> torch.Tensor:
    end = at + count * dtype.itemsize
    if at < 0 or end > len(buffer):
        raise Violation("a tensor reaches beyond its frame")
    if count == 0:
        return torch.empty(shape, dtype=dtype)
    if at % dtype.itemsize:  # not where such numbers may lie in memory
        buffer, at = buffer[at:end], 0
    if dtype == torch.bool:  # any byte but 0 is True; other bytes are no bools
        flat = torch.frombuffer(buffer, dtype=torch.uint8, count=count, offset=at) != 0
    else:
        flat = torch.frombuffer(buffer, dtype=dtype, count=count, offset=at)
    return flat if len(shape) == 1 else flat.view(shape)
