# expect: addition:gradient=0 product=full composition<full
# diagnosis: composition: nothing
"""The addition returns zeros, as a product without a second gradient would."""

import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        n = ctx.needs_input_grad
        z = torch.zeros_like(g)
        return z if n[0] else None, z if n[1] else None


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        n = ctx.needs_input_grad
        return g * b if n[0] else None, g * a if n[1] else None
