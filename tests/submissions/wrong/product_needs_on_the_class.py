# expect: product:gradient=full product:requires_grad=full product:robustness<full
"""Keeps which inputs need gradients on the class, where the next call overwrites it."""
import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        Product.needs = x1.requires_grad, x2.requires_grad
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        first, second = Product.needs
        return dzdy * x2 if first else None, dzdy * x1 if second else None
