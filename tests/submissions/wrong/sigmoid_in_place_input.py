# expect: sigmoid:robustness<full sigmoid<full
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.data.neg_().exp_().add_(1).reciprocal_()
        ctx.save_for_backward(y.clone())
        return y.clone()

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)
