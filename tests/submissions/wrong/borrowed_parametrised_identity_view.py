# expect: product=0 sigmoid=0
"""A view of a buffer, multiplied in place through index assignment: product and sigmoid."""
import torch
from torch.autograd import Function


class Own(Function):
    @staticmethod
    def forward(ctx, t):
        return t.clone()

    @staticmethod
    def backward(ctx, g):
        return g.clone()


def mul(x1, x2):
    out = torch.empty_like(x1.detach()).copy_(Own.apply(x1))
    out[...] *= Own.apply(x2)
    return out


def sigmoid(x):
    out = torch.stack([Own.apply(x)])
    torch.sigmoid(out[0], out=None)
    out[0].neg_().exp_().add_(1).reciprocal_()
    return out[0]
