"""Owns the way of tensors between raw bytes and torch, with what they look like in memory."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from ..hardening import trusted_torch
from ..protocol import DIMENSIONS

# What a submission does to `builtins` later changes nothing in the functions below.
globals()["__builtins__"] = vars(builtins).copy()

_prod = math.prod
DTYPES = {"float32": torch.float32, "float64": torch.float64}
_WORDS = {
    dtype: str(dtype).removeprefix("torch.")
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype)
}
_SENDABLE = frozenset(
    {
        torch.float16,
        torch.float32,
        torch.float64,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.uint8,
        torch.bool,
    }
)


def is_tensor(value: object) -> bool:
    """Whether a value is a plain tensor; subclasses can lie about themselves and are not."""
    return type(value) is trusted_torch.Tensor or type(value) is trusted_torch.Parameter


def within(value: Any) -> list[Any]:
    """The tensors among what an operation is given, or gives."""
    if is_tensor(value):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (tuple, list)):
        return []
    return [one for part in value for one in within(part)]


def dtype_of(tensor: Any) -> str:
    """The dtype of a tensor in a word."""
    return _WORDS.get(trusted_torch.dtype(tensor), "odd numbers")


def describe(value: object) -> str:
    """What came where a tensor was expected, in a few words."""
    if value is None:
        return "None"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__[:60]


def reader(table: Sequence[tuple[str, list[int], int]], data: Any) -> list[Any]:
    """The request's tensors as torch tensors; they share one buffer and are never handed out.

    The table has dtype, shape and place in `data` of each, in the order of their places.
    """
    # The buffer must be writable and not empty for torch to take it without a complaint.
    buffer = bytearray(data) or bytearray(8)
    made: list[Any] = [None] * len(table)
    for name, dtype in DTYPES.items():
        flat = trusted_torch.frombuffer(buffer, dtype=dtype)
        width = trusted_torch.element_size(flat)
        end, lengths, places = 0, [], []
        for place, (kind, shape, at) in enumerate(table):
            if kind == name:
                start, count = at // width, _prod(shape)
                lengths += [start - end, count]
                end = start + count
                places.append(place)
        lengths.append(trusted_torch.numel(flat) - end)
        pieces = trusted_torch.split(flat, lengths)[1::2]
        for place, piece in zip(places, pieces, strict=True):
            shape = table[place][1]
            made[place] = piece if len(shape) == 1 else trusted_torch.view(piece, shape)
    return made


def laid_out(tensor: Any, layout: str) -> Any:
    """A fresh tensor with the same elements. `layout` is one of

    - "contiguous";
    - "transposed": its first and last dimension are swapped in memory;
    - "strided": every other element of a longer vector;
    - "expanded": its last row seen everywhere, or one element of a vector; all must be equal.
    """
    if layout == "contiguous":
        return trusted_torch.clone(tensor)
    if layout == "transposed":
        turned = trusted_torch.contiguous(trusted_torch.transpose(tensor, 0, -1))
        return trusted_torch.transpose(trusted_torch.clone(turned), 0, -1)
    if layout == "strided":
        wide = trusted_torch.zeros(
            2 * trusted_torch.numel(tensor), dtype=trusted_torch.dtype(tensor)
        )
        strided = trusted_torch.getitem(wide, slice(None, None, 2))
        trusted_torch.copy_(strided, tensor)
        return strided
    row = tensor
    while trusted_torch.dim(row) > 1:
        row = trusted_torch.getitem(row, 0)
    row = row if trusted_torch.dim(tensor) > 1 else trusted_torch.getitem(row, 0)
    return trusted_torch.expand(trusted_torch.clone(row), trusted_torch.shape(tensor))


def fresh(tensor: Any, layout: str, requires_grad: bool) -> Any:
    """A leaf with the elements of `tensor`, laid out so in memory."""
    made = laid_out(tensor, layout)
    return trusted_torch.set_requires_grad(made) if requires_grad else made


def same(tensor: Any, other: Any) -> bool:
    """Whether two tensors have the same shape, dtype and elements."""
    return trusted_torch.dtype(tensor) is trusted_torch.dtype(other) and bool(
        trusted_torch.equal(tensor, other)
    )


def pack(value: Any, parts: list[bytes], at: int, limit: int) -> tuple[dict[str, Any], int]:
    """The description of a value for a frame's header, and where the frame's body then ends.

    The bytes of a tensor are added to `parts`. What cannot be sent is described as an oddity.
    Raises MemoryError where there is no room for a copy.
    """
    if not is_tensor(value):
        return {"kind": describe(value)}, at
    dtype = trusted_torch.dtype(value)
    if dtype not in _SENDABLE or not _is_plain(value):
        return {"kind": _unsendable(value)}, at
    shape = list(trusted_torch.shape(value))
    if len(shape) > DIMENSIONS:
        return {"kind": f"tensor of {len(shape)} dimensions"}, at
    if at + max(size_of(value), _span(shape) if 0 in shape else 0) > limit:
        return {"kind": f"tensor of shape {tuple(shape)}"}, at
    data = _bytes(value)
    parts.append(data)
    return {"dtype": _WORDS[dtype], "shape": shape, "at": at}, at + len(data)


def is_still(value: Any, told: dict[str, Any], parts: Iterator[bytes]) -> bool:
    """Whether a value is what it was when `pack` gave this; `parts` goes on to its bytes then."""
    if "kind" in told:
        return not is_tensor(value)
    return (
        is_tensor(value)
        and _is_plain(value)
        and _WORDS[trusted_torch.dtype(value)] == told["dtype"]
        and list(trusted_torch.shape(value)) == told["shape"]
        and _bytes(value) == next(parts)
    )


def _is_plain(value: Any) -> bool:
    return trusted_torch.layout(value) is trusted_torch.strided and trusted_torch.is_cpu(value)


def _bytes(value: Any) -> bytes:
    """A tensor's elements in order. Raises MemoryError where there is no room for them."""
    try:
        data: bytes = trusted_torch.numpy(_flat(trusted_torch.detach(value))).tobytes()
    except RuntimeError as error:  # torch's way to say so
        raise MemoryError from error
    return data


def _flat(tensor: Any) -> Any:
    """The same elements in order, in memory as in number. What is so already is left alone: each
    operation costs its time, and more of it while PyTorch records.
    """
    if trusted_torch.is_neg(tensor):
        tensor = trusted_torch.resolve_neg(tensor)
    return tensor if trusted_torch.is_contiguous(tensor) else trusted_torch.contiguous(tensor)


def _span(shape: Sequence[int]) -> int:
    """How many elements a tensor of this shape would have, were no dimension 0."""
    span = 1
    for length in shape:
        span *= length or 1
    return span


def _unsendable(value: Any) -> str:
    """What keeps a tensor from being sent, in a few words."""
    layout, device = trusted_torch.layout(value), trusted_torch.device(value).type
    if layout is not trusted_torch.strided:
        return f"tensor of layout {str(layout).removeprefix('torch.')}"
    if device != "cpu":
        return f"tensor on the device {device!r}"
    return f"tensor of {dtype_of(value)}"


def size_of(value: Any) -> int:
    """Bytes that a tensor's elements take."""
    return int(trusted_torch.numel(value) * trusted_torch.element_size(value))
