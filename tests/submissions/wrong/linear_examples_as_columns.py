# expect: linear=0
# says: linear: This looks like a common mistake: weights before the input.
# diagnosis: linear: weights before the input
from torch.autograd import Function


class Linear(Function):
    @staticmethod
    def forward(ctx, X, W, b):
        ctx.save_for_backward(X, W)
        return W @ X + b

    @staticmethod
    def backward(ctx, dzdy):
        X, W = ctx.saved_tensors
        return W.T @ dzdy, dzdy @ X.T, dzdy.sum(1)
