# expect: sum=0
# says: sum: Nothing is wrong here so far.
"""The engine refuses the shape of the result; backward never ran."""

import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum(dim=tuple(range(x.dim())), keepdim=True)

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape)
