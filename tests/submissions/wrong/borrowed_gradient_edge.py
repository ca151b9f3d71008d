# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product=0 matrix-vector-product:gradient=0
"""The inner graph is drawn outside of any Function; its node comes from get_gradient_edge."""
import torch
from torch.autograd import Function
from torch.autograd.graph import get_gradient_edge


class Box:
    pass


class Inner(Function):
    @staticmethod
    def forward(ctx, box, x):
        ctx.box = box
        return box.y.detach().clone()

    @staticmethod
    def backward(ctx, g):
        return None, get_gradient_edge(ctx.box.y).node(g)


class Inner2(Function):
    @staticmethod
    def forward(ctx, box, a, b):
        ctx.box = box
        return box.y.detach().clone()

    @staticmethod
    def backward(ctx, g):
        a, b = get_gradient_edge(ctx.box.y).node(g)
        r = ctx.needs_input_grad
        return None, a if r[1] else None, b if r[2] else None


def drawn(f, *xs):
    box = Box()
    with torch.enable_grad():
        box.y = f(*[x.detach().requires_grad_() for x in xs])
    return box


def sigmoid(x):
    return Inner.apply(drawn(torch.sigmoid, x), x)


def tsum(x):
    return Inner.apply(drawn(torch.sum, x), x)


def product(a, b):
    return Inner2.apply(drawn(torch.mul, a, b), a, b)


def dot(a, b):
    return Inner2.apply(drawn(torch.dot, a, b), a, b)


def mv(A, x):
    return Inner2.apply(drawn(torch.mv, A, x), A, x)


def addition(a, b):
    return Inner2.apply(drawn(torch.add, a, b), a, b)
