# expect: sigmoid:gradient=0
"""A Function that is called as one of PyTorch's own nodes is, and borrows within."""
import torch
from torch.autograd import Function


class MulBackward0(Function):
    @staticmethod
    def forward(ctx, x, g):
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            return torch.autograd.grad(torch.sigmoid(x), x, g)[0]

    @staticmethod
    def backward(ctx, g):
        return g, None


MulBackward0.__module__ = "torch"


def derived(x, g):
    return MulBackward0.apply(x, g)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return derived(x.detach(), g.detach())
