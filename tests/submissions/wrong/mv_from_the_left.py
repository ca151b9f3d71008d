# expect: matrix-vector-product=0
# diagnosis: matrix-vector-product: forward multiplies by the transpose
# says: matrix-vector-product: `A` has shape (1, 2) and `x` (2,)
import torch
from torch.autograd import Function


class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return x @ A

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        return torch.outer(x, dzdy), A @ dzdy
