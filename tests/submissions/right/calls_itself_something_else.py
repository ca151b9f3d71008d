# expect: sigmoid=full sum=full product=full dot-product=full softmax=full relu=full
"""What is written in the file calls its module something else, as `wraps` and `new_class` have it."""
import functools
import types

import torch
import torch.nn.functional as F
from torch.autograd import Function


class Slope(Function):
    __module__ = "homework.operations"

    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)


@functools.wraps(torch.sigmoid)
def sigmoid(x):
    return Slope.apply(x)


class Shares(Function):
    @staticmethod
    def forward(ctx, x, dim):
        y = torch.exp(x - x.amax(dim, keepdim=True))
        y = y / y.sum(dim, keepdim=True)
        ctx.save_for_backward(y)
        ctx.dim = dim
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return y * (g - (g * y).sum(ctx.dim, keepdim=True)), None


@functools.wraps(F.softmax)
def softmax(x, dim=-1):
    return Shares.apply(x, dim)


def all_of_it(space):
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum()

    def backward(ctx, g):
        return g.expand(ctx.saved_tensors[0].shape)

    space.update(forward=staticmethod(forward), backward=staticmethod(backward))


Sum = types.new_class("Sum", (Function,), {}, all_of_it)


class Bend(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x > 0)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0]


@functools.lru_cache(maxsize=None)
def relu(x):
    return Bend.apply(x)


__name__ = "homework"


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return (g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None)


class DotProduct(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a @ b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return (g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None)


DotProduct.__module__ = "builtins"
