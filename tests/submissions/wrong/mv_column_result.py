# expect: matrix-vector-product=0
# says: matrix-vector-product: shape (1, 1) where shape (1,) was expected
import torch
from torch.autograd import Function

class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return (A @ x).unsqueeze(1)

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return torch.outer(dzdy[:, 0], x) if r1 else None, A.T @ dzdy[:, 0] if r2 else None
