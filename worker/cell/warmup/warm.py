"""Owns what is done once, before any fork, so that no child has to do it again.

Nothing of ours is in this module but a throw-away Function, and what stands in the place of
`torch.compile` and `torch.broadcast_shapes`; submissions can find them.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np
import numpy.random  # which NumPy loads late, and files use
import torch
from torch._opaque_base import OpaqueBaseMeta
from torch.autograd import Function

from . import stand_ins


class Twice(Function):
    """Doubles its input."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        return 2 * x

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:
        return 2 * grads[0]


def up() -> None:
    """Imports all that a first run imports lazily, and makes up for what `stand_ins` keeps away."""
    # What `vmap` would otherwise load: derivatives as Python code.
    torch._functorch.predispatch.DECOMPOSITIONS_LOADED = True
    torch._C._set_generator_metaclass(OpaqueBaseMeta)
    x = torch.ones(2, requires_grad=True)
    twice: Any = Twice.apply
    twice(x).backward(torch.from_numpy(np.ones(2, dtype=np.float32)))
    torch.func.vjp(torch.sigmoid, torch.ones(2))[1](torch.ones(2))
    torch.func.vmap(torch.sin)(torch.ones(2))
    with torch.autograd.profiler.record_function("as optimisers do"):
        repr(x)
    # There is nothing here to compile with, and trying to would cost a run its time.
    for owner, name in ((torch, "compile"), (torch.compiler, "disable")):
        setattr(owner, name, stand_ins.apart(stand_ins.unchanged))
    # It asks a module that also derives, and so is taken away.
    shapes = stand_ins.apart(broadcast_shapes, torch=torch, zip_longest=zip_longest)
    torch.broadcast_shapes = torch.functional.broadcast_shapes = shapes


def broadcast_shapes(*shapes: Any) -> torch.Size:
    """The shape that all of these but None can be broadcast to, as NumPy does.

    Raises RuntimeError where there is none, TypeError for what is no shape.
    """
    sizes = [(one,) if isinstance(one, int) else tuple(one) for one in shapes if one is not None]
    common = []
    for lengths in zip_longest(*(size[::-1] for size in sizes), fillvalue=1):
        others = {length for length in lengths if length != 1}
        if len(others) > 1 or min(others, default=0) < 0:
            told = ", ".join(map(str, sizes))
            raise RuntimeError(f"these shapes cannot be broadcast to a single one: {told}")
        common.append(others.pop() if others else 1)
    return torch.Size(common[::-1])
