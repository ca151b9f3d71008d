# expect: product=full sum=full
import torch
from torch.autograd import Function


class Product(Function):
    name = "product"
    calls = 0

    @staticmethod
    def backward(ctx, *dzdy):
        """Comes first."""
        (dzdy,) = dzdy
        x1, x2 = ctx.saved_tensors
        return [dzdy * x2, dzdy * x1][0] if ctx.needs_input_grad[0] else None, (
            dzdy * x1 if ctx.needs_input_grad[1] else None
        )

    @staticmethod
    def forward(ctx, *xs):
        Product.calls += 1
        ctx.save_for_backward(*xs)
        a, b = xs
        return a.mul(b)


class Sum(Function):
    def forward(ctx, x, **kwargs):
        ctx.x_shape = x.size()
        return torch.sum(x)

    def backward(ctx, dzdy, **kwargs):
        return dzdy.expand(*ctx.x_shape) if len(ctx.x_shape) else dzdy.clone()

    forward = staticmethod(forward)
    backward = staticmethod(backward)
