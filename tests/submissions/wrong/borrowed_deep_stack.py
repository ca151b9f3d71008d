# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""The real work is PyTorch's, below more identity Functions than anybody looks at."""
import torch
from torch.autograd import Function


class Pass(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def deep(y):
    for _ in range(210):
        y = Pass.apply(y)
    return y


def sigmoid(x):
    return deep(torch.sigmoid(x))


def product(x1, x2):
    return deep(x1 * x2)


def addition(x1, x2):
    return deep(x1 + x2)


def dot(x1, x2):
    return deep(torch.dot(x1, x2))


def mv(A, x):
    return deep(torch.mv(A, x))


def tsum(x):
    return deep(x.sum())
