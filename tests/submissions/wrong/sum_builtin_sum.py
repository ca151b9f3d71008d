# expect: sum<full
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return sum(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return torch.ones_like(x) * dzdy
