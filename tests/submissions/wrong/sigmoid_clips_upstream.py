# expect: sigmoid:robustness<full sigmoid:gradient=full sigmoid<full
"""Upstream gradients are clipped at 5."""

import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        g = torch.clamp(g, -5.0, 5.0)  # against exploding gradients
        return g * y * (1 - y)
