# expect: sum<full sum:forward=full sum:gradient=0
# says: sum: `backward` returned it as int64, which has no fractions; `x` is float32
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.long().expand(ctx.shape)
