# expect: addition:requires_grad<full
# says: addition: returned a bool for its input number 2
"""False where None is meant."""

import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        n = ctx.needs_input_grad
        return n[0] and g, n[1] and g
