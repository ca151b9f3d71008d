# expect: sigmoid:gradient=0
"""Forward mode for an element-wise function: its jvp with dzdy as tangent is the gradient."""
import functools
import torch
from torch.autograd import Function

call = lambda f, *a: functools.reduce(lambda _, g: list(map(f, *[[x] for x in a]))[0], [0], 0)


def jvp(f, x, t):
    level = next(map(lambda g: g, [functools.partial(torch._C._enter_dual_level)()]))
    try:
        dual = list(map(functools.partial(torch._VF._make_dual, level=level), [x], [t]))[0]
        return torch._VF._unpack_dual(f(dual), level=level)[1]
    finally:
        torch._C._exit_dual_level(level=level)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return jvp(torch.sigmoid, x, g.clone())
