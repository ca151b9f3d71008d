# expect: sum=full sigmoid=full
import torch
from torch.autograd import Function

registry = {}


def register(cls):
    registry[cls.__name__.lower()] = cls.apply
    return cls


@register
class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape)


@register
class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.sigmoid()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0] * (1 - ctx.saved_tensors[0])


globals().update(registry)
