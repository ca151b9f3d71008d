# expect: product:gradient=0
# says: product: is there a `return` at its end?
"""The `return` of backward is missing."""

import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        grads = (g * x2, g * x1)
