# expect: sum<full sum:contract=full
# says: sum: The plain case is right. `Sum` returned shape (3,)
"""Right for vectors alone."""

import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum(0)

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape)
