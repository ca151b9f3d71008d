# expect: sigmoid=full
import torch
from torch.autograd import Function
from torch.cuda.amp import custom_fwd, custom_bwd, autocast, GradScaler

scaler = GradScaler()


class Sigmoid(Function):
    @staticmethod
    @custom_fwd
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    @custom_bwd
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)
