# expect: addition=full product=full composition=full sum=full
"""Backward is built from the functions themselves, so that it can be differentiated again."""
import torch
from torch.autograd import Function


class Expand(Function):
    @staticmethod
    def forward(ctx, x, shape):
        return x.expand(shape).clone()

    @staticmethod
    def backward(ctx, g):
        return Sum.apply(g), None


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return Expand.apply(g, ctx.shape)


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        return tuple(g if n else None for n in ctx.needs_input_grad)


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        n = ctx.needs_input_grad
        return Product.apply(g, b) if n[0] else None, Product.apply(g, a) if n[1] else None
