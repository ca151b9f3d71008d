# expect: relu<full
import torch
from torch.autograd import Function


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x > 0)
        x[x < 0] = 0
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        mask, = ctx.saved_tensors
        return g * mask
