# expect: sigmoid:gradient=0
# says: sigmoid: is empty where that was not called
"""`save_for_backward` is assigned and not called."""

import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward = y
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y * (1 - y)
