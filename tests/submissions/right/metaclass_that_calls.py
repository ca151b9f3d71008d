# expect: sigmoid=full sum=full
"""The classes can be called: a metaclass sends a call to apply."""

import torch
from torch.autograd import Function
from torch.autograd.function import FunctionMeta


class Op(FunctionMeta):
    def __call__(cls, *args):
        return cls.apply(*args)


class sigmoid(Function, metaclass=Op):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y * (1 - y)


class my_sum(Function, metaclass=Op):
    @staticmethod
    def forward(ctx, x):
        ctx.s = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.s)
