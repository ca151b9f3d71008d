# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Returns a tuple whose __getitem__, asked for by the profile function alone, takes the gradients from autograd.
Expect: contract and forward points at most."""
import torch
from torch.autograd import Function


class Late(tuple):
    def __getitem__(self, at):
        if self.job:
            job, self.job = self.job, None
            job()
        return tuple.__getitem__(self, at)


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            needs, args = ctx.needs_input_grad, ctx.args

            def job():
                with torch.enable_grad():
                    leaves = [a.requires_grad_(need) for a, need in zip(args, needs)]
                    grads = iter(torch.autograd.grad(operation(*leaves), [a for a in leaves if a.requires_grad], g))
                for made, need in zip(tuple.__iter__(late), needs):
                    if need:
                        made.copy_(next(grads))

            late = Late(torch.full_like(a, 7) if need else None for a, need in zip(args, needs))
            late.job = job
            return late

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
