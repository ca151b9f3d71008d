# expect: sigmoid=0
# says: sigmoid: with a capital F
"""The module torch.autograd.function as base."""

import torch
from torch.autograd import function


class Sigmoid(function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y * (1 - y)
