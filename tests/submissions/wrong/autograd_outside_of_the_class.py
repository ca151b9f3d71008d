# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

class _S(Function):
    @staticmethod
    def forward(ctx, x, slope):
        ctx.save_for_backward(slope)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        slope, = ctx.saved_tensors
        return dzdy * slope, None


def sigmoid(x):
    t = x.detach().requires_grad_()
    slope, = torch.autograd.grad(torch.sigmoid(t).sum(), t)
    return _S.apply(x, slope)
