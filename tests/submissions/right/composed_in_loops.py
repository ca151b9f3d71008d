# expect: addition=full product=full composition=full sum=full dot-product=full matrix-vector-product=full
"""Only addition and product are primitive; the rest is made of them, in Python loops."""

import torch
from torch.autograd import Function


class Add(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        n = ctx.needs_input_grad
        return g if n[0] else None, g if n[1] else None


class Mul(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        n = ctx.needs_input_grad
        return g * b if n[0] else None, g * a if n[1] else None


def my_sum(x):
    total = x.new_zeros(())
    for e in x.reshape(-1):
        total = Add.apply(total, e)
    return total


def my_dot(a, b):
    return my_sum(Mul.apply(a, b))


def my_mv(A, x):
    out = torch.zeros(A.shape[0], dtype=A.dtype)
    for column, e in zip(A.t(), x):
        out = Add.apply(out, Mul.apply(column, e.expand(A.shape[0])))
    return out
