# expect: sigmoid:gradient=0
# says: sigmoid: Is it a tuple that is computed with?
"""A tuple of one is not unpacked."""

import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y = ctx.saved_tensors
        return g * y * (1 - y)
