# expect: linear:gradient=0
# says: linear: A gradient has the shape of its input
"""The bias's gradient is not summed, and a Function that does nothing stands before the bias."""
import torch
from torch.autograd import Function


class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


class Inner(Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w.T + b

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        a, b, c = ctx.needs_input_grad
        return g @ w if a else None, g.T @ x if b else None, g if c else None


def linear(x, w, b):
    return Inner.apply(x, w, Same.apply(b))
