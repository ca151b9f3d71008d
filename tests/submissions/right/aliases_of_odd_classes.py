# expect: addition=full product=full composition=full sum=full sigmoid=full
import functools

import torch
from torch.autograd import Function as F


class _PlusImpl(F):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        return tuple(g if n else None for n in ctx.needs_input_grad)


class Mal(F):
    @staticmethod
    def forward(ctx, a, b):
        ctx.a, ctx.b = a, b
        return a * b

    @staticmethod
    def backward(ctx, g):
        n = ctx.needs_input_grad
        return g * ctx.b if n[0] else None, g * ctx.a if n[1] else None


class S(F):
    @staticmethod
    def forward(ctx, mode, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return None, g.expand(ctx.shape)


class Kurve(F):
    @staticmethod
    def forward(ctx, x):
        ctx.y = torch.sigmoid(x)
        return ctx.y

    @staticmethod
    def backward(ctx, g):
        return g * ctx.y * (1 - ctx.y)


add = _PlusImpl.apply
mul = lambda a, b: Mal.apply(a, b)
tsum = functools.partial(S.apply, "all")


def sigmoid(z):
    """The sigmoid of z."""
    if not torch.is_tensor(z):
        raise TypeError("a tensor, please")
    return Kurve.apply(z)
