# expect: dot-product=full product=full sum=full
import torch
from torch.autograd import Function


def _pair(ctx, make):
    return tuple(make(i) if n else None for i, n in enumerate(ctx.needs_input_grad))


class Hadamard(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.kept = (b, a)
        return a * b

    @staticmethod
    def backward(ctx, g):
        return _pair(ctx, lambda i: ctx.kept[i] * g)


class SumAll(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.dims = a.shape
        return a.sum()

    @staticmethod
    def backward(ctx, g):
        return torch.broadcast_to(g, ctx.dims)


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.kept = (b, a)
        return torch.vdot(a, b)

    @staticmethod
    def backward(ctx, g):
        return _pair(ctx, lambda i: ctx.kept[i] * g)
