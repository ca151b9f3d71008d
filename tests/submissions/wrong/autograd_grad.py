# expect: sigmoid:gradient=0 sigmoid:requires_grad=0 sigmoid:robustness=0 sigmoid:forward=full
# says: sigmoid: torch.autograd.grad
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
            x = x.detach().requires_grad_()
            y = torch.sigmoid(x)
        return torch.autograd.grad(y, x, dzdy)[0]
