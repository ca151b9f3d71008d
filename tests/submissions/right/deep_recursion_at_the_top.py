# expect: sum=full
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return torch.sum(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)


def endless(n):
    return endless(n + 1)


endless(0)
raise KeyboardInterrupt
