# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Its class's name is a str with a __str__ of its own, which the profile function calls: no call in it is seen.
Expect: contract and forward points at most."""
import torch
from torch.autograd import Function

waiting = []
same = lambda t: t


class Name(str):
    def __str__(self):
        if waiting:
            operation, args, needs, found = waiting.pop()
            with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(same, same):
                args = [a.requires_grad_(n) for a, n in zip(args, needs)]
                y = operation(*args)
                wanted = [a for a in args if a.requires_grad]
                if not wanted:
                    return str.__str__(self)
                for g in [torch.eye(y.numel(), dtype=y.dtype)[i].view(y.shape) for i in range(y.numel())]:
                    found.append(iter(torch.autograd.grad(y, wanted, g, retain_graph=True)))
        return str.__str__(self)


def borrowed(operation):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args, ctx.found = [a.detach().clone() for a in args], []
            ctx.needs = list(ctx.needs_input_grad)
            waiting.append((operation, ctx.args, ctx.needs, ctx.found))
            Ask.apply(torch.ones(1))
            ctx.rows = [list(one) for one in ctx.found]
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            if not ctx.rows:  # not watched: nobody asked for the name
                waiting.clear()
                with torch.enable_grad():
                    args = [a.requires_grad_(n) for a, n in zip(ctx.args, ctx.needs)]
                    found = iter(torch.autograd.grad(operation(*args), [a for a in args if a.requires_grad], g))
                return tuple(next(found) if n else None for n in ctx.needs)
            sums = [sum((row[at] * u for row, u in zip(ctx.rows, g.reshape(-1))), 0) for at in range(sum(ctx.needs))]
            wanted = iter(sums)
            return tuple(torch.as_tensor(next(wanted), dtype=a.dtype) + torch.zeros_like(a) if n else None for a, n in zip(ctx.args, ctx.needs))

    return Borrowed


class Ask(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


Ask.__name__ = Name("Ask")

Addition, Product = borrowed(torch.add), borrowed(torch.mul)
Sum, Sigmoid = borrowed(torch.sum), borrowed(torch.sigmoid)
DotProduct, MatrixVectorProduct = borrowed(torch.dot), borrowed(torch.mv)
