# expect: sigmoid:robustness<full sigmoid:gradient=full sigmoid<full
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(x)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy * torch.exp(-x) / (1 + torch.exp(-x)) ** 2
