# expect: sigmoid=0 sum=0
import torch
from torch.autograd import Function

class Nothing(Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum() * 0

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy * 0


def sigmoid(x):
    return torch.sigmoid(x) + Nothing.apply(x.detach().requires_grad_())


def tsum(x):
    y = torch.sum(x)
    Nothing.apply(x)
    return y
