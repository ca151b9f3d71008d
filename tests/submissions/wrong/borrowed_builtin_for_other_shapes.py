# expect: sum=0
"""The student's own Function can only do vectors; everything else goes to PyTorch."""
import torch
from torch.autograd import Function


class SumOfVector(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.n = len(x)
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return g.repeat(ctx.n)


def my_sum(x):
    if x.dim() == 1:
        return SumOfVector.apply(x)
    return torch.sum(x)
