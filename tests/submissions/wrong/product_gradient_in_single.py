# expect: product<full product:forward=full product:gradient>3
# says: product: or a `.float()`? `backward` returned it as float32.
import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        grad_a = (g * b).float() if ctx.needs_input_grad[0] else None
        return grad_a, g * a if ctx.needs_input_grad[1] else None
