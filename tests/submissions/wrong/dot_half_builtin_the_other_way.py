# expect: dot-product=0 sum=full
# says: dot-product: MulBackward
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy.expand(x.shape)


def dot(a, b):
    return Sum.apply(a * b)
