# expect: sum<full sum:forward<full
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum(-1) if x.dim() else x.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.unsqueeze(-1).expand(ctx.shape) if ctx.shape else dzdy
