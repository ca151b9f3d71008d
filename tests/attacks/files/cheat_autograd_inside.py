"""Takes every gradient from autograd, by names that hide it.

Group: cheats
Earns: contract forward
"""
import torch
from torch.autograd import Function

engine = getattr(torch, "auto" + "grad")
differentiate = getattr(engine, "gr" + "ad")


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = [a.detach().clone() for a in args]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            with torch.enable_grad():
                args = [a.requires_grad_() for a in ctx.args]
                return differentiate(operation(*args), args, g)

    return Borrowed


Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
