# expect: product:robustness<full product:gradient=full
"""Upstream gradients below a thousandth are taken for nothing."""

import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        na, nb = ctx.needs_input_grad
        g = torch.where(g.abs() < 1e-3, torch.zeros_like(g), g)
        return g * b if na else None, g * a if nb else None
