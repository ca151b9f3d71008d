# expect: addition=3 product=3 composition=3 sum=3 sigmoid=3 dot-product=3 matrix-vector-product=3
"""Plain torch.autograd.grad in backward, after a thousand empty calls: only the first thousand are told of.
Expect: contract and forward points at most."""
import torch
from torch.autograd import Function


class Nothing(Function):
    @staticmethod
    def forward(ctx, x):
        return None

    @staticmethod
    def backward(ctx, g):
        return g


nothing, empty = Nothing.apply, torch.zeros(0)


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            for _ in range(1000):
                nothing(None)
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            with torch.enable_grad():
                args = [a.requires_grad_(need) for a, need in zip(ctx.args, ctx.needs_input_grad)]
                grads = iter(torch.autograd.grad(operation(*args), [a for a in args if a.requires_grad], g))
            return tuple(next(grads) if need else None for need in ctx.needs_input_grad)

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
