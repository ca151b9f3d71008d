# expect: sigmoid:gradient=0 sigmoid:forward=full
# says: sigmoid: ctx.saved_tensors
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.save_tensors
        return dzdy * y * (1 - y)
