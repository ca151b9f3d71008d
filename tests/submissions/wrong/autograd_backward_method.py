# expect: sigmoid:gradient=0 sigmoid:requires_grad=0
# says: sigmoid: backward
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
        x = x.detach().requires_grad_()
        with torch.enable_grad():
            torch.sigmoid(x).backward(dzdy)
        return x.grad
