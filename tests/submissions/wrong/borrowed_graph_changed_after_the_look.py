# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""Changes its result in place when the grader unpacks what its node saved: after the graph was told, before backward.
Expect: 0 points."""
import torch
from torch.autograd import Function


def late(operation):
    class Own(Function):
        @staticmethod
        def forward(ctx, *args):
            ctx.save_for_backward(*args)
            return operation(*args)

        @staticmethod
        def backward(ctx, g):
            return tuple(torch.zeros_like(a) if n else None for a, n in zip(ctx.saved_tensors, ctx.needs_input_grad))

    count = 0

    def entry(*args):
        nonlocal count
        count += 1
        if count > 1:
            return operation(*args)
        box = []

        def unpack(t):
            if box:
                y = box.pop()
                with torch.enable_grad():
                    y.copy_(operation(*args))
            return t

        with torch.autograd.graph.saved_tensors_hooks(lambda t: t.detach(), unpack):
            y = Own.apply(*args)
        box.append(y)
        return y

    return entry


_s, _u, _d, _m, _a, _p = map(late, (torch.sigmoid, torch.sum, torch.dot, torch.mv, torch.add, torch.mul))
Sigmoid = lambda x: _s(x)
Sum = lambda x: _u(x)
dot = lambda a, b: _d(a, b)
mv = lambda A, x: _m(A, x)
add = lambda a, b: _a(a, b)
mul = lambda a, b: _p(a, b)
