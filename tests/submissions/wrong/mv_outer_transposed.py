# expect: matrix-vector-product<full
# diagnosis: matrix-vector-product: outer product transposed
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
        return torch.outer(x, dzdy) if r1 else None, A.T @ dzdy if r2 else None
