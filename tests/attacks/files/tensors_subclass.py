"""Answers with a subclass of Tensor that lies about its values, its shape and itself.

Group: hostile tensors
"""
import torch
from torch.autograd import Function


class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True

    shape = property(lambda self: torch.Size([3]))
    dtype = property(lambda self: torch.float32)
    __class__ = property(lambda self: torch.Tensor)

    def __eq__(self, other):
        return True


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return x.as_subclass(Liar)

    @staticmethod
    def backward(ctx, g):
        return g.as_subclass(Liar)


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return torch._dynamo.external_utils if False else torch.nn.Parameter(x.detach())

    @staticmethod
    def backward(ctx, g):
        return g
