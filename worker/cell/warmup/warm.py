"""Owns what is done once, before any fork, so that no child has to do it again.

Nothing of ours is in this module but a throw-away Function, and what stands in the place of
`torch.compile`; submissions can find both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch._opaque_base import OpaqueBaseMeta
from torch.autograd import Function


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
    """Has all imported that a first run imports lazily, and the rest of torch go without what
    `stand_ins` keeps away."""
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
        setattr(owner, name, unchanged)


def unchanged(function: Any = None, *args: object, **options: object) -> Any:
    """What it is given, be it as a call or as a decorator."""
    return (lambda one: one) if function is None else function
