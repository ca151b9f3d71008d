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
        return torch.autograd.functional.vjp(torch.sigmoid, x, dzdy)[1]
