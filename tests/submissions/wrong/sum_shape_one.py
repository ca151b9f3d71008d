# expect: sum=0
# says: sum: shape (1,)
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum().reshape(1)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy.expand(x.shape)
