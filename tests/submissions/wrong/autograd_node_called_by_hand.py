# expect: sigmoid:gradient=0 sum:gradient=0
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        with torch.enable_grad():
            y = torch.sigmoid(x.detach().requires_grad_())
        return y.grad_fn(dzdy)

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        with torch.enable_grad():
            y = x.detach().requires_grad_().sum()
        return y.grad_fn(dzdy)
