# expect: sigmoid=full relu=full
"""Functions that have rules for `jvp` and `vmap` too, and one whose backward applies another."""
import torch
from torch.autograd import Function


class Sigmoid(Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(x):
        return torch.sigmoid(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)
        ctx.save_for_forward(output)

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)

    @staticmethod
    def jvp(ctx, t):
        (y,) = ctx.saved_tensors
        return t * y * (1 - y)


class Masked(Function):
    @staticmethod
    def forward(ctx, a, mask):
        ctx.save_for_backward(mask)
        return a * mask

    @staticmethod
    def backward(ctx, g):
        (mask,) = ctx.saved_tensors
        return Masked.apply(g, mask), None


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.relu()

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return Masked.apply(g, x > 0)

    @staticmethod
    def vmap(info, in_dims, x):
        return ReLU.apply(x), in_dims[0]


x = torch.randn(2, 3)
assert torch.allclose(torch.func.vmap(Sigmoid.apply)(x), torch.sigmoid(x))
assert torch.func.grad(lambda t: Sigmoid.apply(t).sum())(x).shape == x.shape
