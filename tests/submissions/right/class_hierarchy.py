# expect: addition=full product=full composition=full sigmoid=full
import abc

import torch
from torch.autograd import Function


class Binary(Function):
    """What element-wise functions of two tensors have in common."""

    @staticmethod
    def partials(x1, x2):
        raise NotImplementedError

    @staticmethod
    def masked(ctx, *gradients):
        return tuple(g if n else None for g, n in zip(gradients, ctx.needs_input_grad))


class Addition(Binary):
    @staticmethod
    def forward(ctx, x1, x2):
        return torch.add(x1, x2)

    @staticmethod
    def backward(ctx, g):
        return Binary.masked(ctx, g, g)


class Product(Binary):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return torch.mul(x1, x2)

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        return Product.masked(ctx, g * x2, g * x1)


class SavesOutput:
    @classmethod
    def keep(cls, ctx, y):
        ctx.save_for_backward(y)
        return y


class Sigmoid(SavesOutput, Function):
    @staticmethod
    def forward(ctx, x):
        return Sigmoid.keep(ctx, torch.sigmoid(x))

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * (y - y ** 2)
