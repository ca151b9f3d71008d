# expect: relu=0
"""Which elements are cut off is chosen by PyTorch's own gather, around a Function that does nothing."""
import torch
from torch.autograd import Function


class Identity(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def relu(x):
    both = torch.stack([torch.zeros_like(x), x], -1)
    return Identity.apply(both.gather(-1, (x > 0).long().unsqueeze(-1)).squeeze(-1))
