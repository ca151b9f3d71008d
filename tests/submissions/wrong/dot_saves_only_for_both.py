# expect: dot-product:requires_grad<full dot-product:gradient=full
# says: dot-product: is empty where that was not called
"""Saves only where both gradients are needed."""

import torch
from torch.autograd import Function


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        if all(ctx.needs_input_grad):
            ctx.save_for_backward(a, b)
        return a @ b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None
