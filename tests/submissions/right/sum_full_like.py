# expect: sum=full
import torch


class TotalSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        ctx.shape = t.size()
        return t.reshape(-1).sum(0)

    @staticmethod
    def backward(ctx, g):
        return g.repeat(ctx.shape) if len(ctx.shape) else g.clone()
