# expect: sigmoid=full relu=full
from torch import *
from torch.autograd import *
from torch.nn.functional import *
from math import *
from numpy import *

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dzdy):
        (x,) = ctx.saved_tensors
        return dzdy * (x > 0) if ctx.needs_input_grad[0] else None
