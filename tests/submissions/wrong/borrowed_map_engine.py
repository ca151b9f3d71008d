# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0
"""The engine is called by map(), so that no Python frame calls into C."""
import torch
from torch.autograd import Function, Variable

run = Variable._execution_engine.run_backward


def pull(f, inputs, g):
    with torch.enable_grad():
        xs = tuple(x.detach().requires_grad_() for x in inputs)
        y = f(*xs)
    return list(map(run, [(y,)], [(g,)], [False], [False], [xs], [True], [False]))[0]


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return pull(torch.sum, ctx.saved_tensors, g)


class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 + x2

    @staticmethod
    def backward(ctx, g):
        a, b = pull(torch.add, ctx.saved_tensors, g)
        r = ctx.needs_input_grad
        return a if r[0] else None, b if r[1] else None


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
            return pull(torch.sigmoid, ctx.saved_tensors, g)


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
            a, b = pull(torch.mul, ctx.saved_tensors, g)
        r = ctx.needs_input_grad
        return a if r[0] else None, b if r[1] else None


class DotProduct(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return torch.dot(x1, x2)

    @staticmethod
    def backward(ctx, g):
        with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t):
            a, b = pull(torch.dot, ctx.saved_tensors, g)
        r = ctx.needs_input_grad
        return a if r[0] else None, b if r[1] else None
