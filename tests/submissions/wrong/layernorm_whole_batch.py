# expect: layer-norm=0
# diagnosis: layer-norm: normalised over everything
import torch
from torch.autograd import Function


class LayerNorm(Function):
    @staticmethod
    def forward(ctx, x):
        mu = x.mean()
        root = (((x - mu) ** 2).mean() + 1e-5).sqrt()
        y = (x - mu) / root
        ctx.save_for_backward(y, root)
        return y

    @staticmethod
    def backward(ctx, g):
        y, root = ctx.saved_tensors
        return (g - g.mean() - y * (g * y).mean()) / root
