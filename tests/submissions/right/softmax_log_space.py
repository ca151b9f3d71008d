# expect: softmax=full logsumexp=full
import torch
from torch.autograd import Function


class LogSumExp(Function):
    @staticmethod
    def forward(ctx, x):
        c, _ = x.max(-1, keepdim=True)
        lse = c + torch.log(torch.sum(torch.exp(x - c), -1, keepdim=True))
        ctx.save_for_backward(x, lse)
        return lse.squeeze(-1)

    @staticmethod
    def backward(ctx, g):
        x, lse = ctx.saved_tensors
        return g[..., None] * (x - lse).exp()


class Softmax(Function):
    @staticmethod
    def forward(ctx, x):
        shares = (x - x.logsumexp(-1, keepdim=True)).exp()
        ctx.shares = shares
        return shares

    @staticmethod
    def backward(ctx, g):
        weighted = g * ctx.shares
        return weighted - ctx.shares * weighted.sum(-1, keepdim=True)
