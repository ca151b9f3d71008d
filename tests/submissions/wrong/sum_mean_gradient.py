# expect: sum<full
# diagnosis: sum: the gradient of a mean
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
        return (dzdy / x.numel()).expand(x.shape)
