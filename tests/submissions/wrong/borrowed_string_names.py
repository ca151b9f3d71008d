# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0 matrix-vector-product:gradient=0
"""Plain autograd in ordinary disguises; every one must lose its gradient points."""
import importlib, operator, functools
import torch
from torch.autograd import Function

ag = importlib.import_module("torch" + ".auto" + "grad")
pull = operator.attrgetter("gr" + "ad")(ag)


def on(f):
    @functools.wraps(f)
    def inner(*a):
        with torch.enable_grad():
            return f(*a)
    return inner


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sum(x)

    @staticmethod
    @on
    def backward(ctx, g):
        x = ctx.saved_tensors[0].detach().requires_grad_()
        return pull(torch.sum(x), x, g)[0]


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    @on
    def backward(ctx, g):
        x = ctx.saved_tensors[0].detach().requires_grad_()
        y = torch.sigmoid(x)
        operator.methodcaller("back" + "ward", g)(y)
        return x.grad


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    @on
    def backward(ctx, g):
        return eval("torch.func." + "vjp")(torch.mul, *ctx.saved_tensors)[1](g)


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a + b

    @staticmethod
    @on
    def backward(ctx, g):
        a, b = (t.detach().requires_grad_() for t in ctx.saved_tensors)
        torch.Tensor.backward(a + b, g)
        return a.grad, b.grad


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a @ b

    @staticmethod
    @on
    def backward(ctx, g):
        return ag.functional.vjp(torch.dot, ctx.saved_tensors, g)[1]


class MV(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return A @ x

    @staticmethod
    @on
    def backward(ctx, g):
        JA, Jx = torch.func.jacrev(torch.mv, argnums=(0, 1))(*ctx.saved_tensors)
        return torch.tensordot(g, JA, 1), g @ Jx
