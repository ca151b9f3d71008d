# expect: product:robustness<full product:gradient=full
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.kept = [x1, x2]
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        r1, r2 = ctx.needs_input_grad
        x2, x1 = ctx.kept.pop(), ctx.kept.pop()
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None
