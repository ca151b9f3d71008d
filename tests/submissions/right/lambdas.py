# expect: sum=full product=full
import torch
from torch.autograd import Function


class Sum(Function):
    forward = staticmethod(lambda ctx, x: (setattr(ctx, "shape", x.shape), x.sum())[1])
    backward = staticmethod(lambda ctx, g: g.expand(ctx.shape))


class Product(Function):
    forward = staticmethod(lambda ctx, a, b: (ctx.save_for_backward(a, b), a * b)[1])
    backward = staticmethod(lambda ctx, g: tuple(
        g * other if needed else None
        for other, needed in zip(reversed(ctx.saved_tensors), ctx.needs_input_grad)))
