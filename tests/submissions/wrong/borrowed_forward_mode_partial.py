# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Forward-mode differentiation through partials of the C functions.
Expect: contract and forward points at most."""
from functools import partial

import torch
from torch.autograd import Function

enter, leave = partial(torch._C._enter_dual_level), partial(torch._C._exit_dual_level, level=0)
dual, split = partial(torch._VF._make_dual), partial(torch._VF._unpack_dual)


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            found = []
            for at, (a, need) in enumerate(zip(ctx.args, ctx.needs_input_grad)):
                if not need:
                    found.append(None)
                    continue
                grad = torch.zeros(a.numel(), dtype=a.dtype)
                for i in range(a.numel()):
                    tangent = torch.zeros(a.numel(), dtype=a.dtype)
                    tangent[i] = 1
                    level = enter()
                    args = list(ctx.args)
                    args[at] = dual(a, tangent.view(a.shape), level=level)
                    y = split(operation(*args), level=level)
                    grad[i] = (y[1] * g).sum()
                    leave()
                found.append(grad.view(a.shape))
            return tuple(found)

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
