# expect: relu=full softmax=full
"""A mask that is no gradient's concern is a second output; buffers of its own are changed in place."""
import torch
from torch.autograd import Function

class ReLUWithMask(Function):
    @staticmethod
    def forward(ctx, x):
        mask = x > 0
        ctx.mark_non_differentiable(mask)
        ctx.save_for_backward(mask)
        return x * mask, mask
    @staticmethod
    def backward(ctx, g, _):
        (mask,) = ctx.saved_tensors
        return g * mask

def relu(x):
    y, _ = ReLUWithMask.apply(x)
    return y

class Soft(Function):
    @staticmethod
    def forward(ctx, x, dim):
        z = x - x.amax(dim, keepdim=True)
        z.exp_()
        z.div_(z.sum(dim, keepdim=True))
        ctx.save_for_backward(z)
        ctx.dim = dim
        return z
    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        t = g * y
        t.sub_(y * t.sum(ctx.dim, keepdim=True))
        return t, None

softmax = lambda x, dim=-1: Soft.apply(x, dim)
