# expect: layer-norm:forward=full layer-norm:gradient<full
# diagnosis: layer-norm: the path through the mean is missing
import torch
from torch.autograd import Function


class LayerNorm(Function):
    @staticmethod
    def forward(ctx, x):
        mu = x.mean(-1, keepdim=True)
        root = (((x - mu) ** 2).mean(-1, keepdim=True) + 1e-5).sqrt()
        y = (x - mu) / root
        ctx.save_for_backward(y, root)
        return y

    @staticmethod
    def backward(ctx, g):
        y, root = ctx.saved_tensors
        return (g - y * (g * y).mean(-1, keepdim=True)) / root
