# expect: addition:robustness<full addition:forward=full
# says: addition: `a` was changed in place
"""An input that needs no gradient is added to in place."""

import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        n = ctx.needs_input_grad
        if not n[0] and n[1]:
            a += b
            return a.clone()
        return a + b

    @staticmethod
    def backward(ctx, g):
        n = ctx.needs_input_grad
        return g if n[0] else None, g if n[1] else None
