# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            t = x.detach().requires_grad_()
            y = torch.sigmoid(t)
        slope, = torch.autograd.grad(y.sum(), t)
        ctx.save_for_backward(slope)
        return y.detach()

    @staticmethod
    def backward(ctx, dzdy):
        slope, = ctx.saved_tensors
        return dzdy * slope
