"""Owns the way of tensors between raw bytes and torch, with what they look like in memory."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import torch

# What a submission does to `builtins` later changes nothing in the functions below.
__builtins__: dict[str, Any] = vars(builtins).copy()

DTYPES = {"float32": torch.float32, "float64": torch.float64}
_WORDS = {
    dtype: str(dtype).removeprefix("torch.")
    for dtype in vars(torch).values()
    if isinstance(dtype, torch.dtype)
}
_SENDABLE = frozenset(
    getattr(torch, name)
    for name in "float16 float32 float64 int8 int16 int32 int64 uint8 bool".split()
)
_Tensor, _Parameter, _strided = torch.Tensor, torch.nn.Parameter, torch.strided
_base = torch._C.TensorBase
_detach, _clone, _numpy, _contiguous = _base.detach, _base.clone, _base.numpy, _base.contiguous
_numel, _itemsize, _shape = _base.numel, _base.element_size, _base.shape.__get__
_dtype, _layout, _device = _base.dtype.__get__, _base.layout.__get__, _base.device.__get__
_transpose, _view, _expand, _copy = _base.transpose, _base.view, _base.expand, _base.copy_
_getitem, _set_requires_grad = _base.__getitem__, _base.requires_grad_
_dim, _resolve_neg, _resolve_conj = _base.dim, _base.resolve_neg, _base.resolve_conj
_frombuffer, _zeros = torch.frombuffer, torch.zeros


def is_tensor(value: object) -> bool:
    """Whether a value is a plain tensor; subclasses can lie about themselves and are not."""
    return type(value) is _Tensor or type(value) is _Parameter


def describe(value: object) -> str:
    """What came where a tensor was expected, in a few words."""
    if value is None:
        return "None"
    if isinstance(value, (tuple, list)):
        return f"{type(value).__name__} of {len(value)}"
    return type(value).__name__[:60]


def reader(table: Sequence[dict[str, Any]], data: Any) -> list[Any]:
    """The request's tensors as torch tensors; they share one buffer and are never handed out."""
    # The buffer must be writable and not empty for torch to take it without a complaint.
    buffer = bytearray(data) or bytearray(8)
    flat = {name: _frombuffer(buffer, dtype=DTYPES[name]) for name in DTYPES}
    size = {name: _itemsize(flat[name]) for name in flat}
    made = []
    for entry in table:
        name, shape, at = entry["dtype"], entry["shape"], entry["at"]
        count = 1
        for length in shape:
            count *= length
        start = at // size[name]
        made.append(_view(_getitem(flat[name], slice(start, start + count)), shape))
    return made


def laid_out(tensor: Any, layout: str) -> Any:
    """A fresh tensor with the same elements. `layout` is one of

    - "contiguous";
    - "transposed": its first and last dimension are swapped in memory;
    - "strided": every other element of a longer vector;
    - "expanded": its last row seen everywhere, or one element of a vector; all must be equal.
    """
    if layout == "transposed":
        return _transpose(_clone(_contiguous(_transpose(tensor, 0, -1))), 0, -1)
    if layout == "strided":
        wide = _zeros(2 * _numel(tensor), dtype=_dtype(tensor))
        strided = _getitem(wide, slice(None, None, 2))
        _copy(strided, tensor)
        return strided
    if layout == "expanded":
        row = tensor
        while _dim(row) > 1:
            row = _getitem(row, 0)
        row = row if _dim(tensor) > 1 else _getitem(row, 0)
        return _expand(_clone(row), _shape(tensor))
    return _clone(tensor)


def pack(value: object, parts: list[bytes], at: int, limit: int) -> tuple[dict[str, Any], int]:
    """The description of a value for a frame's header, and where the frame's body then ends.

    The bytes of a tensor are added to `parts`. What cannot be sent is described as an oddity.
    """
    if not is_tensor(value):
        return {"kind": describe(value)}, at
    dtype = _dtype(value)
    if dtype not in _SENDABLE or _layout(value) is not _strided or _device(value).type != "cpu":
        return {"kind": f"tensor of {_WORDS.get(dtype, 'odd')}"}, at
    size = _numel(value) * _itemsize(value)
    if at + size > limit:
        return {"kind": f"tensor of {_numel(value)} elements"}, at
    plain = _resolve_neg(_resolve_conj(_detach(value)))
    data = _numpy(_contiguous(plain)).tobytes()
    parts.append(data)
    header = {"dtype": _WORDS[dtype], "shape": list(_shape(value)), "at": at}
    return header, at + len(data)


def size_of(value: Any) -> int:
    """Bytes that a tensor's elements take."""
    return int(_numel(value) * _itemsize(value))


def fresh(tensor: Any, layout: str, requires_grad: bool) -> Any:
    """A leaf with the elements of `tensor`, laid out so in memory."""
    leaf = _detach(laid_out(tensor, layout))
    return _set_requires_grad(leaf, requires_grad)
