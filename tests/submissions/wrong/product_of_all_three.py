# expect: product:gradient=0
# diagnosis: product: the result where the other factor was meant
"""Both factors in both gradients; the right ones were saved."""

import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        return dzdy * x1 * x2, dzdy * x1 * x2
