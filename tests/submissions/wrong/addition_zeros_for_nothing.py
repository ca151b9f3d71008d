# expect: addition=9.5
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        return tuple(dzdy if n else torch.zeros_like(dzdy) for n in ctx.needs_input_grad)
