# expect: sum=full
import torch


class Summation(torch.autograd.Function):
    @staticmethod
    def forward(ctx, t):
        flat = t.flatten()
        ctx.like = torch.ones_like(t)
        return flat @ torch.ones_like(flat)

    @staticmethod
    def backward(ctx, g):
        return ctx.like.mul_(1) * g
