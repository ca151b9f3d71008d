# expect: layer-norm=full
"""Each path by itself, as on a blackboard."""
import torch
from torch.autograd import Function


class LayerNormalization(Function):
    @staticmethod
    def forward(ctx, x):
        n = x.size(-1)
        mean = x.sum(-1, keepdim=True) / n
        centred = x - mean
        variance = centred.pow(2).sum(-1, keepdim=True) / n
        std = (variance + 1e-5).sqrt()
        ctx.save_for_backward(centred, std)
        return centred / std

    @staticmethod
    def backward(ctx, dy):
        centred, std = ctx.saved_tensors
        n = centred.size(-1)
        d_std = -(dy * centred).sum(-1, keepdim=True) / std.pow(2)
        d_var = d_std / (2 * std)
        d_centred = dy / std + d_var * 2 * centred / n
        d_mean = -d_centred.sum(-1, keepdim=True)
        return d_centred + d_mean / n
