# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""An own Function (finite differences) in the first probe of each exercise; torch's operations in all others.
Expect: 0 points."""
import torch
from torch.autograd import Function


def own_at_first(operation, arity, limit):
    class Own(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.args, ctx.dtype = [a.double() for a in args], args[0].dtype
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            found = []
            for at, a in enumerate(ctx.args):
                grad = torch.zeros_like(a)
                for i in range(a.numel()):
                    ends = []
                    for h in (1e-4, -1e-4):
                        args = [one.clone() for one in ctx.args]
                        args[at].view(-1)[i] += h
                        ends.append(operation(*args))
                    grad.view(-1)[i] = ((ends[0] - ends[1]) / 2e-4 * g.double()).sum()
                found.append(grad.to(ctx.dtype))
            return tuple(found)

    count = 0

    def entry(*args):
        nonlocal count
        count += 1
        return Own.apply(*args) if count in limit else operation(*args)

    return entry


# The plan is public: which call of add and of mul belongs to the composition's first probe is found by
# counting, so here the composition's share of add and mul is told by its shapes instead.
_add, _mul = own_at_first(torch.add, 2, range(1, 2)), own_at_first(torch.mul, 2, range(1, 2))
add = lambda a, b: _add(a, b)
mul = lambda a, b: _mul(a, b)
_sum, _sig, _dot, _mv = (own_at_first(o, 1, range(1, 2)) for o in (torch.sum, torch.sigmoid, torch.dot, torch.mv))
Sum = lambda x: _sum(x)
Sigmoid = lambda x: _sig(x)
dot = lambda a, b: _dot(a, b)
mv = lambda A, x: _mv(A, x)
