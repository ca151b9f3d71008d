# expect: sigmoid=full
import torch
from torch import nn
from torch.autograd import Function


class _Curve(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g * y * (1 - y)


class Activation(nn.Module):
    def forward(self, x):
        return _Curve.apply(x)


sigmoid = Activation()
