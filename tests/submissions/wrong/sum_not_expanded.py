# expect: sum<full sum:gradient<1
# diagnosis: sum: upstream gradient not expanded
# says: sum: shape of its input
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
        return dzdy
