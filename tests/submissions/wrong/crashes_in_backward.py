# expect: addition=full sum=0 sigmoid=full
# says: sum: the process ended itself with exit code 1
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        return tuple(dzdy if n else None for n in ctx.needs_input_grad)

import os

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        os._exit(1)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)
