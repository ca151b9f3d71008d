# expect: product=full sum=full dot-product=full
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return torch.sum(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)

mul = Product.apply
tsum = Sum.apply


def dot(x1, x2):
    """The dot product out of two more primitive functions."""
    return tsum(mul(x1, x2))
