# expect: product:gradient=0
# says: product: A list counts as one thing.
"""Backward returns a list."""

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
        return [g * x2, g * x1]
