"""Owns what `forward` and `backward` get as `ctx` in a run without autograd.

Nothing else is in this module, since a file can find its way from a class to the module of its
methods. For the same reason the attributes are read by functions written in C.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from torch.autograd.function import FunctionCtx


class Context(FunctionCtx):
    """As PyTorch's own: what is saved comes back, and everything else is an attribute."""

    needs_input_grad: tuple[bool, ...] = ()
    to_save: tuple[Any, ...] = ()
    saved_for_forward: tuple[Any, ...] = ()
    dirty_tensors: tuple[Any, ...] = ()
    non_differentiable: tuple[Any, ...] = ()
    materialize_grads = True
    saved_tensors = property(attrgetter("to_save"))
