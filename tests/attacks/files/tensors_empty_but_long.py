"""Answers with tensors that have no elements, but a length: they cost a cell nothing, and whoever
writes one down as nested lists memory without end.

Group: hostile tensors
"""
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.empty(1 << 20, 0)

    @staticmethod
    def backward(ctx, g):
        return g


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.empty(*[2] * 15, 0)

    @staticmethod
    def backward(ctx, g):
        return g


def dot_product(a, b):
    return torch.empty(1 << 40, 0)


def product(a, b):
    return torch.ones([1] * 40)
