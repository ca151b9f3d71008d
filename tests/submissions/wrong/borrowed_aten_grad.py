# expect: sum:gradient=0 sigmoid:gradient=0
"""TorchScript's own operator for gradients, called from Python."""
import torch
from torch.autograd import Function
from torch.autograd.graph import saved_tensors_hooks


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad(), saved_tensors_hooks(lambda t: t, lambda t: t):
            x = ctx.saved_tensors[0].detach().requires_grad_()
            y = torch.sigmoid(x)
            return torch.ops.aten.grad([y], [x], [g])[0]


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sum(x)

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            x = ctx.saved_tensors[0].detach().requires_grad_()
            return torch.ops.aten.grad([torch.sum(x)], [x], [g])[0]
