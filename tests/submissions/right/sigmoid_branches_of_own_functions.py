# expect: sigmoid=full
"""Each element goes through the Function that is exact for its sign; one of them is made of two."""
import torch
from torch.autograd import Function


class ForPositive(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)


class OneMinus(Function):
    @staticmethod
    def forward(ctx, x):
        return 1 - x

    @staticmethod
    def backward(ctx, g):
        return -g


class Negative(Function):
    @staticmethod
    def forward(ctx, x):
        return -x

    @staticmethod
    def backward(ctx, g):
        return -g


def of_one(x):
    if x >= 0:
        return ForPositive.apply(x)
    return OneMinus.apply(ForPositive.apply(Negative.apply(x)))


def sigmoid(x):
    if x.numel() == 0:
        return ForPositive.apply(x)
    return torch.stack([of_one(one) for one in x.reshape(-1)]).reshape(x.shape)
