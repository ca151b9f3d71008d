# expect: sigmoid=full dot-product=full
import torch
from torch.autograd import Function

σ = torch.sigmoid


class Sigmoid(Function):
    """σ(x) = 1 / (1 + e⁻ˣ)"""

    @staticmethod
    def forward(ctx, χ):
        ŷ = σ(χ)
        ctx.save_for_backward(ŷ)
        return ŷ

    @staticmethod
    def backward(ctx, ẏ):
        ŷ, = ctx.saved_tensors
        return ẏ * ŷ * (1 - ŷ)  # 😀


class 内积DotProduct(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return (a * b).sum()

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        n = ctx.needs_input_grad
        return g * b if n[0] else None, g * a if n[1] else None
