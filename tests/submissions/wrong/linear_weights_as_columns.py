# expect: linear=0
# says: linear: Here `X` has shape (1, 1), `W` (2, 1) and `b` (2,).
# diagnosis: linear: weights not transposed
from torch.autograd import Function


class Linear(Function):
    @staticmethod
    def forward(ctx, X, W, b):
        ctx.save_for_backward(X, W)
        return X @ W + b

    @staticmethod
    def backward(ctx, dzdy):
        X, W = ctx.saved_tensors
        return dzdy @ W.T, X.T @ dzdy, dzdy.sum(0)
