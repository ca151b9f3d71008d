# expect: product:gradient=full product:robustness<full product<full
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        y = x1 * x2
        ctx.save_for_backward(x1, x2, y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2, y = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * (y / x1) if r1 else None, dzdy * (y / x2) if r2 else None
