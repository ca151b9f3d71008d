# expect: relu=0
"""Which elements are cut off is chosen by Python, around a Function that does nothing."""
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
    if x.numel() == 0:
        return Identity.apply(x)
    zero = torch.zeros((), dtype=x.dtype)
    passed = [one if one > 0 else zero for one in Identity.apply(x).reshape(-1)]
    return torch.stack(passed).view(x.shape)
