# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

class _S(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy


def sigmoid(x):
    def right(g):
        with torch.enable_grad():
            t = x.detach().requires_grad_()
            return torch.autograd.grad(torch.sigmoid(t), t, g)[0]

    y = _S.apply(x)
    y.register_hook(right)
    return y
