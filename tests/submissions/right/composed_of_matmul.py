# expect: dot-product=full matrix-vector-product=full
import torch
from torch.autograd import Function


class MatMul(Function):
    @staticmethod
    def forward(ctx, A, B):
        ctx.save_for_backward(A, B)
        return A @ B

    @staticmethod
    def backward(ctx, G):
        A, B = ctx.saved_tensors
        return (G @ B.T if ctx.needs_input_grad[0] else None,
                A.T @ G if ctx.needs_input_grad[1] else None)


def mv(A, x):
    return MatMul.apply(A, x.unsqueeze(-1)).squeeze(-1)


def dot_product(a, b):
    return MatMul.apply(a.reshape(1, -1), b.reshape(-1, 1)).reshape(())
