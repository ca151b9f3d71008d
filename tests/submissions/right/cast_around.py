# expect: sigmoid=full
"""The Function works in double precision, and its result is cast back."""
import torch


class Slope(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)


def sigmoid(x):
    return Slope.apply(x.double()).to(x.dtype)
