"""Keeps a graph of torch's own inside of its Function, and has hooks carry the gradients over.

Group: cheats
Earns: contract forward
"""
import torch
from torch.autograd import Function

caught = {}


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            ctx.x = x.detach().requires_grad_()
            ctx.x.register_hook(lambda g: caught.__setitem__("g", g))
            ctx.y = torch.sigmoid(ctx.x)
        return ctx.y.detach()

    @staticmethod
    def backward(ctx, g):
        getattr(torch._C, "_EngineBase" if False else "_functions")
        ctx.y.backward(g)
        return caught["g"]


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            ctx.x = x.detach().requires_grad_()
            ctx.y = ctx.x.sum()
        return ctx.y.detach()

    @staticmethod
    def backward(ctx, g):
        return ctx.y.grad_fn(g)
