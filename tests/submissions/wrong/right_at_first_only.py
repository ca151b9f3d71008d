# expect: sigmoid<full
import torch
from torch.autograd import Function

calls = 0


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        global calls
        calls += 1
        y = torch.sigmoid(x) if calls < 3 else x.clone()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)
