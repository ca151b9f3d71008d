# expect: product<full
"""Gradients for nothing, after more arguments than are looked at."""
import torch
from torch.autograd import Function


class Padded(Function):
    @staticmethod
    def forward(ctx, *args):
        a, b = args[-2:]
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return *[None] * 32, g * b, g * a


def product(a, b):
    return Padded.apply(*[None] * 32, a, b)
