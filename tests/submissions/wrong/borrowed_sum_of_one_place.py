# expect: sum=0
"""All elements are put into one place, which adds them up."""
import torch


class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def sum(x):
    flat = Same.apply(x).reshape(-1)
    there = torch.zeros(flat.numel(), dtype=torch.long)
    return torch.zeros(1, dtype=x.dtype).index_put((there,), flat, accumulate=True).reshape(())
