# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""Product, addition and sigmoid: identity Functions, then PyTorch's own op in place on a view."""
import torch
from torch.autograd import Function


class Pass(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def product(x1, x2):
    buf = Pass.apply(x1).clone()
    view = buf.view(buf.shape)
    view.mul_(Pass.apply(x2))
    return buf


def addition(x1, x2):
    buf = Pass.apply(x1).clone()
    buf.view(buf.shape).add_(Pass.apply(x2))
    return buf


def sigmoid(x):
    buf = Pass.apply(x).clone()
    buf.view(buf.shape).sigmoid_()
    return buf


def matvec(A, x):
    A, x = Pass.apply(A), Pass.apply(x)
    out = A.new_zeros(A.shape[0])
    out.view(-1).addmv_(A, x)
    return out


def dot(x1, x2):
    out = x1.new_zeros(1)
    out.view(-1).addmv_(Pass.apply(x1).unsqueeze(0), Pass.apply(x2))
    return out[0]


def tsum(x):
    x = Pass.apply(x).reshape(1, -1)
    out = x.new_zeros(1)
    out.view(-1).addmv_(x, torch.ones_like(x[0].detach()))
    return out[0]
