# expect: matrix-vector-product:gradient=0
# says: matrix-vector-product: A gradient has the shape of its input
"""The gradient of `x` is not summed, and `x` is passed on as a view for nobody to see that."""
import torch
from torch.autograd import Function


class Inner(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return A @ x

    @staticmethod
    def backward(ctx, g):
        A, x = ctx.saved_tensors
        a, b = ctx.needs_input_grad
        return torch.outer(g, x) if a else None, g[:, None] * A if b else None


def mv(A, x):
    return Inner.apply(A, x.view(-1))
