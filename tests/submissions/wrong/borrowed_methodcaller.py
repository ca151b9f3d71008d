# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Runs the engine through operator.methodcaller and map, hooks pushed over the grader's.
Expect: contract and forward points at most."""
import operator

import torch
from torch.autograd import Function

engine = torch.autograd.Variable._execution_engine
same = lambda t: t


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(same, same):
                args = [a.requires_grad_(need) for a, need in zip(ctx.args, ctx.needs_input_grad)]
                wanted = tuple(a for a in args if a.requires_grad)
                call = operator.methodcaller("run_" + "backward", (operation(*args),), (g,), True, False, wanted, allow_unreachable=True, accumulate_grad=False)
                grads = iter(next(map(call, [engine])))
            return tuple(next(grads) if need else None for need in ctx.needs_input_grad)

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
