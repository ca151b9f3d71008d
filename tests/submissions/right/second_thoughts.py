# expect: sigmoid=full product=full
import torch
from torch.autograd import Function


class Sigmoid(Function):
    """First attempt, wrong."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy * x * (1 - x)


x = torch.randn(3, requires_grad=True)
Sigmoid.apply(x).sum().backward()


class Sigmoid(Function):
    """Second attempt."""

    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)


def prod(a, b):
    return a * b  # PyTorch's own, for comparison; the class comes first


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None
