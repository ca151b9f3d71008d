# expect: sigmoid=full relu=full
import torch
from abc import ABC
from torch.autograd import Function


class Base(Function):
    """What both have in common."""

    @staticmethod
    def keep(ctx, *tensors):
        ctx.save_for_backward(*tensors)

    @classmethod
    def __call__(cls, *args):
        return cls.apply(*args)


class Sigmoid(Base):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        Base.keep(ctx, y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y * (1 - y)


class ReLU(Base):
    @staticmethod
    def forward(ctx, x):
        Base.keep(ctx, x > 0)
        return torch.where(x > 0, x, torch.zeros_like(x))

    @staticmethod
    def backward(ctx, g):
        (mask,) = ctx.saved_tensors
        return torch.where(mask, g, torch.zeros_like(g))
