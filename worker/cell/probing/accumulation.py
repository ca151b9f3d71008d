"""Owns what becomes of gradients that a backward returned: as many, of that shape and dtype, as
PyTorch's engine asks for, with what it raises where they are not. A shape that the engine would add
up to the right one is wrong here."""

from __future__ import annotations

import builtins
from typing import Any

from ..hardening import trusted_torch
from .tensors import dtype_of, is_tensor
from .variables import Variable

globals()["__builtins__"] = vars(builtins).copy()


def count(grads: tuple[Any, ...], wanted: int, name: str) -> None:
    """Raises what PyTorch raises when there is not one gradient for each argument."""
    if len(grads) < wanted or any(one is not None for one in grads[wanted:]):
        raise RuntimeError(
            f"function {name}Backward returned an incorrect number of gradients "
            f"(expected {wanted}, got {len(grads)})"
        )


def of_shape(grad: Any, shape: Any, node: str, at: int) -> Any:
    """A gradient that has this shape. Raises what PyTorch raises where it cannot be added up to it:
    to add it up is the file's own work."""
    if trusted_torch.shape(grad) != shape:
        raise RuntimeError(
            f"Function {node} returned an invalid gradient at index {at} - got "
            f"{list(trusted_torch.shape(grad))} but expected shape compatible with {list(shape)}"
        )
    return grad


def in_its_dtype(grad: Any, of: Any) -> Any:
    """In the dtype of what it is the gradient of, as PyTorch takes it."""
    wanted = trusted_torch.dtype(of)
    same = trusted_torch.dtype(grad) is wanted or trusted_torch.dtype(grad).is_complex
    return grad if same else trusted_torch.to(grad, wanted)


def other_dtype(grad: Any, origin: Any) -> str:
    """The dtype of a gradient, where it is another than that of what it is the gradient of."""
    if type(origin) is not Variable or not is_tensor(grad):
        return ""
    same = trusted_torch.dtype(grad) is trusted_torch.dtype(origin.tensor)
    return "" if same else dtype_of(grad)
