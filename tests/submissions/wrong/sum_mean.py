# expect: sum=0
# diagnosis: sum: mean for sum
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.mean()

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy.expand(x.shape)
