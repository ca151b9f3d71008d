# expect: relu<full relu:gradient=full relu:robustness<full
# diagnosis: relu: slope 1 at the corner
import torch
from torch.autograd import Function


class MyReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        out = g.clone()
        out[x < 0] = 0
        return out
