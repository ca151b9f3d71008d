# expect: sum=0 sigmoid=0
# says: sigmoid: tuple of 2
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y, x

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return (x.sum(),)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
