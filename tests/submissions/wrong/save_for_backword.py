# expect: sigmoid=0
# says: sigmoid: ctx.save_for_backward
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backword(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)
