# expect: relu:forward=full relu:gradient<full
# diagnosis: relu: the sign of the upstream gradient decides too
import torch
from torch.autograd import Function


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        out = g * (x > 0)
        return torch.relu(out)
