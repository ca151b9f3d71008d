"""Has a graph in which each node leads to the next one thousands of times over.

Group: hostile tensors
Ending: done memory
"""
import torch
from torch.autograd import Function


class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def sigmoid(x):
    y = Same.apply(x.reshape(-1)[:0])
    for _ in range(12):
        y = torch.cat([y] * 4000)
    return y
