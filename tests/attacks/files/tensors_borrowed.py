"""Answers with its inputs, with views of them, and with memory that others use.

Group: hostile tensors
"""
import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a

    @staticmethod
    def backward(ctx, g):
        return g, g


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        a.data.resize_(0)
        b.data = torch.zeros(1)
        return a

    @staticmethod
    def backward(ctx, g):
        g.data.set_(torch.zeros(5))
        return g, g


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return x.as_strided((1 << 20,), (1,))

    @staticmethod
    def backward(ctx, g):
        return g
