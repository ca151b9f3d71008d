# expect: addition=0 sum=0
"""Adds up with index_put(accumulate), which the contract takes for mere moving about.
Expect: 0 points."""
import torch
from torch.autograd import Function


class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def Sum(x):
    flat = Same.apply(x).reshape(-1)
    at = torch.zeros(flat.numel(), dtype=torch.long)
    return torch.zeros(1, dtype=x.dtype).index_put((at,), flat, accumulate=True)[0]


def add(a, b):
    a, b = Same.apply(a), Same.apply(b)
    flat = torch.cat([a.reshape(-1), b.reshape(-1)])
    n = a.numel()
    at = torch.arange(n).repeat(2)
    return torch.zeros(n, dtype=a.dtype).index_put((at,), flat, accumulate=True).reshape(a.shape)
