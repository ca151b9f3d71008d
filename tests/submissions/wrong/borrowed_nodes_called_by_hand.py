# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Calls the nodes of a graph of torch's own by hand, in forward; names put together at run time, hooks over the grader's.
Expect: contract and forward points at most."""
import torch
from torch.autograd import Function

NODE, ON, GRAD = "grad" + "_fn", "enable" + "_grad", "requires" + "_grad_"
same = lambda t: t


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            with getattr(torch, ON)(), torch.autograd.graph.saved_tensors_hooks(same, same):
                leaves = [getattr(a.detach().clone(), GRAD)() for a in args]
                y = operation(*leaves)
                node, ctx.rows, ctx.args = getattr(y, NODE), [], leaves
                for i in range(y.numel()):
                    unit = torch.zeros(y.numel(), dtype=y.dtype)
                    unit[i] = 1
                    found = node(unit.view(y.shape))
                    ctx.rows.append(found if isinstance(found, tuple) else (found,))
            return y.detach()

        @staticmethod
        def backward(ctx, g):
            return tuple(
                sum((row[at].detach() * u for row, u in zip(ctx.rows, g.reshape(-1))), torch.zeros_like(a)).detach() if need else None
                for at, (a, need) in enumerate(zip(ctx.args, ctx.needs_input_grad))
            )

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
