# expect: sum=0
# diagnosis: sum: nothing
# says: sum: leads back to none of its inputs
"""The result is cut off from the graph, though backward is right."""

import torch
from torch.autograd import Function


class Impl(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.s = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.s)


@torch.no_grad()
def my_sum(x):
    return Impl.apply(x)
