# expect: matrix-vector-product:robustness<full matrix-vector-product:gradient=full
"""Upstream gradients are clipped at a norm of 10."""

import torch
from torch.autograd import Function


class MatVec(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return A @ x

    @staticmethod
    def backward(ctx, g):
        A, x = ctx.saved_tensors
        n = ctx.needs_input_grad
        norm = g.norm()
        if norm > 10:
            g = g * (10 / norm)  # gradient clipping
        return g.outer(x) if n[0] else None, A.t() @ g if n[1] else None
