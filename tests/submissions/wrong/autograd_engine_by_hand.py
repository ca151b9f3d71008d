# expect: sigmoid:gradient=0
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
            y = torch.sigmoid(x)
        return torch.autograd.Variable._execution_engine.run_backward((y,), (dzdy,), False, False, (x,), True, False)[0]
