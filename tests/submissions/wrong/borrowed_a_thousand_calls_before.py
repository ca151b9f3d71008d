# expect: sum:gradient=0 sigmoid:gradient=0
"""A thousand idle calls come first; what happens in later ones is noted nowhere."""
import torch
from torch.autograd import Function


class Idle(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


class SumImpl(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sum(x)

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            return torch.autograd.grad(torch.sum(x), x, g)[0]


class SigmoidImpl(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            return torch.autograd.grad(torch.sigmoid(x), x, g)[0]


def busy():
    for _ in range(1000):
        Idle.apply(torch.ones(1))


def my_sum(x):
    busy()
    return SumImpl.apply(x)


def sigmoid(x):
    busy()
    return SigmoidImpl.apply(x)
