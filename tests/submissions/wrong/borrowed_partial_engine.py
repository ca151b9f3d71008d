# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Runs the autograd engine through functools.partial: C calls C, and no profile function is told.
Expect: contract and forward points at most."""
import functools

import torch
from torch.autograd import Function

run = torch.autograd.Variable._execution_engine.run_backward
nothing = lambda t: t


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(nothing, nothing):
                args = [a.requires_grad_(need) for a, need in zip(ctx.args, ctx.needs_input_grad)]
                y = operation(*args)
                wanted = tuple(a for a in args if a.requires_grad)
                grads = iter(functools.partial(run, (y,), (g,), True, False, wanted, allow_unreachable=True, accumulate_grad=False)())
            return tuple(next(grads) if need else None for need in ctx.needs_input_grad)

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
