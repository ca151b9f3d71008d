# expect: product=full
"""A harmless metaclass that counts its classes."""

import torch
from torch.autograd import Function


class Counting(type(Function)):
    count = 0

    def __new__(mcs, name, bases, ns):
        mcs.count += 1
        return super().__new__(mcs, name, bases, ns)


class Product(Function, metaclass=Counting):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None
