# expect: sum=full
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x, dim):
        ctx.shape = x.shape
        return x.sum() if dim is None else x.sum(dim)

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape), None


def my_sum(x):
    return Sum.apply(x, None)
