# expect: sum:forward=full sum:gradient<full sum<full
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.n = len(x) if x.dim() else 1
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.repeat(ctx.n)
