# expect: matrix-vector-product<full
import torch
from torch.autograd import Function

class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return torch.mv(A, x)

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return torch.outer(dzdy, x) if A.shape[0] == A.shape[1] else torch.zeros_like(A) if r1 else None, A.T @ dzdy if r2 else None
