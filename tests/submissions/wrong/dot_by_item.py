# expect: dot-product:forward<full
# says: dot-product: The plain case is right. `Dot` returned a result that is only as exact
"""The result is a new tensor of a float, in the default dtype."""

import torch
from torch.autograd import Function


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return torch.tensor(a.dot(b).item())

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None
