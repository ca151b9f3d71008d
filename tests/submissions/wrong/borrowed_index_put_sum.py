# expect: addition=0 sum=0
"""Sum and addition by index_put with accumulate, on top of identity Functions."""
import torch
from torch.autograd import Function


class Pass(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def tsum(x):
    flat = Pass.apply(x).reshape(-1)
    zero = torch.zeros(1, dtype=x.dtype)
    where = torch.zeros(flat.numel(), dtype=torch.long)
    return zero.index_put((where,), flat, accumulate=True)[0]


def addition(x1, x2):
    a, b = Pass.apply(x1), Pass.apply(x2)
    where = torch.arange(a.numel())
    return a.reshape(-1).index_put((where,), b.reshape(-1), accumulate=True).reshape(x1.shape)
