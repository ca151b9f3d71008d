# expect: sigmoid:gradient<full
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
        h = 1e-3
        return dzdy * (torch.sigmoid(x + h) - torch.sigmoid(x)) / h
