# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0
"""The local derivative is taken from an inner graph's node before apply, and multiplied later."""
import torch
from torch.autograd import Function
from torch.autograd.graph import get_gradient_edge


class Scale(Function):
    @staticmethod
    def forward(ctx, y, x, slope):
        ctx.save_for_backward(slope)
        return y.clone()

    @staticmethod
    def backward(ctx, g):
        return None, g * ctx.saved_tensors[0], None


class Scale2(Function):
    @staticmethod
    def forward(ctx, y, a, b, da, db):
        ctx.save_for_backward(da, db)
        return y.clone()

    @staticmethod
    def backward(ctx, g):
        da, db = ctx.saved_tensors
        r = ctx.needs_input_grad
        return None, g * da if r[1] else None, g * db if r[2] else None, None, None


def slopes(f, *xs):
    with torch.enable_grad():
        y = f(*[x.detach().requires_grad_() for x in xs])
    with torch.no_grad():
        return y.detach(), get_gradient_edge(y).node(torch.ones_like(y))


def sigmoid(x):
    y, d = slopes(torch.sigmoid, x)
    return Scale.apply(y, x, d)


def tsum(x):
    y, d = slopes(torch.sum, x)
    return Scale.apply(y, x, d)


def product(a, b):
    y, (da, db) = slopes(torch.mul, a, b)
    return Scale2.apply(y, a, b, da, db)


def addition(a, b):
    y, (da, db) = slopes(torch.add, a, b)
    return Scale2.apply(y, a, b, da, db)


def dot(a, b):
    y, (da, db) = slopes(torch.dot, a, b)
    return Scale2.apply(y, a, b, da, db)
