# expect: dot-product=full product=full sum=full
"""What is kept, and what is asserted, goes by `requires_grad` and not by the context."""
import torch
from torch.autograd import Function
class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        if x.requires_grad:
            ctx.shape = x.shape
        return x.sum()
    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape)
class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(b if a.requires_grad else None, a if b.requires_grad else None)
        return a * b
    @staticmethod
    def backward(ctx, g):
        b, a = ctx.saved_tensors
        return None if b is None else g * b, None if a is None else g * a
def dot_product(a, b):
    p = Product.apply(a, b)
    assert p.requires_grad == (a.requires_grad or b.requires_grad)
    out = Sum.apply(p)
    return out
