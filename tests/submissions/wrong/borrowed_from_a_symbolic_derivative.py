# expect: sigmoid:gradient=0
"""The formula, derived by the computer algebra that PyTorch brings along."""
import torch
from torch.autograd import Function


def derived(x, g):
    import importlib

    sympy = importlib.import_module("sympy")
    s = sympy.Symbol("s")
    slope = sympy.lambdify(s, sympy.diff(1 / (1 + sympy.exp(-s)), s), {"exp": torch.exp})
    return g * slope(x)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return derived(x.detach(), g.detach())
