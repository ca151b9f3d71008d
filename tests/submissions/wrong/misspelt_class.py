# expect: sigmoid=0
# says: sigmoid: Found class `Sigmod`, did you mean `Sigmoid`?
import torch
from torch.autograd import Function

class Sigmod(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)
