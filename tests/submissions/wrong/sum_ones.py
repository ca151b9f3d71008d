# expect: sum<full
# diagnosis: sum: upstream gradient replaced by ones
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
        return torch.ones_like(x)
