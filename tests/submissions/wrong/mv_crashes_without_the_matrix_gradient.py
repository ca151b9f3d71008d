# expect: matrix-vector-product:gradient=full matrix-vector-product:requires_grad<full
import torch
from torch.autograd import Function

class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return A @ x

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        assert all(ctx.needs_input_grad), "I need everything"
        return torch.outer(dzdy, x), A.T @ dzdy
