# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""TorchScript from a text, by names put together at run time, differentiates in C++.
Expect: contract and forward points at most (documented as unseen)."""
import torch
from torch.autograd import Function

unit = getattr(getattr(torch, "j" + "it"), "Compilation" + "Unit")("""
def one(op: int, a: Tensor, g: Optional[Tensor]):
    a = a.detach().requires_grad_(True)
    y = torch.sigmoid(a) if op == 0 else torch.sum(a)
    return torch.autograd.grad([y], [a], [g])[0]
def two(op: int, a: Tensor, b: Tensor, g: Optional[Tensor]):
    a = a.detach().requires_grad_(True)
    b = b.detach().requires_grad_(True)
    y = a + b
    if op == 1:
        y = a * b
    if op == 2:
        y = torch.dot(a, b)
    if op == 3:
        y = torch.mv(a, b)
    return torch.autograd.grad([y], [a, b], [g])
""")
same = lambda t: t


def borrowed(operation, script, number):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args = args
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            with getattr(torch, "enable" + "_grad")(), torch.autograd.graph.saved_tensors_hooks(same, same):
                found = getattr(unit, script)(number, *ctx.args, g)
            found = found if not torch.is_tensor(found) else (found,)
            return tuple(f if need else None for f, need in zip(found, ctx.needs_input_grad))

    return Borrowed


Addition, Product = borrowed(torch.add, "two", 0), borrowed(torch.mul, "two", 1)
Sum, Sigmoid = borrowed(torch.sum, "one", 1), borrowed(torch.sigmoid, "one", 0)
DotProduct, MatrixVectorProduct = borrowed(torch.dot, "two", 2), borrowed(torch.mv, "two", 3)
