# expect: product<full product:robustness<full
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.x1, ctx.x2 = x1, x2
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        r1, r2 = ctx.needs_input_grad
        g1 = dzdy * ctx.x2 if r1 else None
        g2 = ctx.x1.data.mul_(dzdy) if r2 else None
        return g1, g2
