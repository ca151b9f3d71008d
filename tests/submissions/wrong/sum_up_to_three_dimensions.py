# expect: sum:gradient<full sum:forward=full
"""Three dimensions were thought to be enough."""

import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        s = ctx.shape
        if len(s) == 0:
            return g.clone()
        if len(s) == 1:
            return torch.stack([g] * s[0]) if s[0] else g.new_zeros(0)
        if len(s) == 2:
            return torch.stack([torch.stack([g] * s[1])] * s[0])
        return g * torch.ones(s[:3], dtype=g.dtype)
