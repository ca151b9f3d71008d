# expect: sigmoid<full
# diagnosis: sigmoid: input saved where the output was meant
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
        return dzdy * x * (1 - x)
