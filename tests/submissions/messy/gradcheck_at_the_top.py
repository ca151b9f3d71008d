# expect: sigmoid=full product=full
from torch.autograd import gradcheck, gradgradcheck
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None

test = torch.randn(5, dtype=torch.double, requires_grad=True)
assert gradcheck(Sigmoid.apply, (test,), eps=1e-6, atol=1e-4)
print("sigmoid ok")

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        g1 = dzdy * x2 if ctx.needs_input_grad[0] else None
        g2 = dzdy * x1 if ctx.needs_input_grad[1] else None
        return g1, g2

a = torch.randn(4, dtype=torch.double, requires_grad=True)
b = torch.randn(4, dtype=torch.double, requires_grad=True)
assert gradcheck(Product.apply, (a, b))
assert gradgradcheck(Product.apply, (a, b))
print("product ok")
