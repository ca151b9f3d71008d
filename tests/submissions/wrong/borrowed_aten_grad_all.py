# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""torch.ops.aten.grad for every exercise; the inner graph is drawn in the callable, before apply."""
import torch
from torch.autograd import Function


class Box:
    pass


class Back(Function):
    @staticmethod
    def forward(ctx, box, *xs):
        ctx.box = box
        return box.y.detach().clone()

    @staticmethod
    def backward(ctx, g):
        box = ctx.box
        grads = torch.ops.aten.grad([box.y], list(box.xs), [g], retain_graph=True)
        return None, *(d if n else None for d, n in zip(grads, ctx.needs_input_grad[1:]))


def made(f):
    def run(*xs):
        box = Box()
        with torch.enable_grad():
            box.xs = [x.detach().requires_grad_() for x in xs]
            box.y = f(*box.xs)
        return Back.apply(box, *xs)
    return run


addition, product, my_sum, sigmoid, dot, mv = map(made, (torch.add, torch.mul, torch.sum, torch.sigmoid, torch.dot, torch.mv))
