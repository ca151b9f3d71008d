# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""torch's own operations in place on a view: the graph shows CopySlices, which hides what it does.
Expect: 0 points."""
import torch
from torch.autograd import Function


class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


same = Same.apply


def view(x):
    base = same(x).clone(memory_format=torch.contiguous_format)
    return base, base.view(-1)


def add(a, b):
    base, flat = view(a)
    flat.add_(same(b).reshape(-1))
    return base


def mul(a, b):
    base, flat = view(a)
    flat.mul_(same(b).reshape(-1))
    return base


def sigmoid(x):
    base, flat = view(x)
    flat.sigmoid_()
    return base


def mv(A, x):
    out = torch.zeros(A.shape[0], dtype=A.dtype)
    out.view(-1, 1).addmm_(same(A), same(x).view(-1, 1))
    return out


def dot(a, b):
    return mv(a.view(1, -1), b).view(())


def total(x):
    return dot(x.reshape(-1), torch.ones(x.numel(), dtype=x.dtype))


Sum = total
