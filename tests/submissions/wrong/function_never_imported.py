# expect: sigmoid=0
# says: sigmoid: The statement that defines `Sigmoid` raised NameError
"""Function is never imported; an alias of the class fails after it."""

import torch


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y * (1 - y)


sigmoid = Sigmoid.apply
