# expect: sum:gradient=0
# says: sum: Both `forward` and `backward` have to be written
"""`backwards` for `backward`."""

import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.s = x.shape
        return x.sum()

    @staticmethod
    def backwards(ctx, g):
        return g.expand(ctx.s)
