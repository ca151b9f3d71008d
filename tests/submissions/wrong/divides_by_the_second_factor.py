# expect: product<full dot-product<full
"""Takes the gradient of one factor from that of the other, by dividing: nan where the second is 0."""
import torch


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        of_a = g * b
        of_b = of_a * a / b
        return (of_a if ctx.needs_input_grad[0] else None, of_b if ctx.needs_input_grad[1] else None)


class DotProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a @ b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        of_a = g * b
        of_b = of_a * a / b
        return (of_a if ctx.needs_input_grad[0] else None, of_b if ctx.needs_input_grad[1] else None)
