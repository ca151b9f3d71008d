# expect: product:robustness<full product:requires_grad=full
# says: product: `dzdy` was changed in place
"""Where one gradient is needed alone, it is written over the upstream one."""

import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        na, nb = ctx.needs_input_grad
        if na and nb:
            return g * b, g * a
        if na:
            return g.mul_(b), None
        return None, g.mul_(a)
