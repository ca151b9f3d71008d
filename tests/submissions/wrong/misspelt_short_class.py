# expect: sum=0
# says: sum: Found class `Som`, did you mean `Sum`?
import torch
from torch.autograd import Function


class Som(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)
