# expect: product:forward<full product:gradient<full product<full
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return (x1.float() * x2.float())

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy.float() * x2.float() if r1 else None, dzdy.float() * x1.float() if r2 else None
