# expect: sum<full sum:forward=full sum:gradient>3 sum:robustness=full sum:requires_grad=full
# says: sum: only as exact as float32 allows
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy * torch.ones(ctx.shape)
