# expect: sigmoid=full relu=full dot-product=full
import torch
from torch.autograd import Function

sig = lambda t: 1 / (1 + (-t).exp())
dsig = lambda s: s * (1 - s)
step = lambda t: (t > 0).to(t.dtype)
give = lambda needed, make: make() if needed else None


class Sigmoid(Function):
    forward = staticmethod(lambda ctx, x: (ctx.save_for_backward(s := sig(x)), s)[1])
    backward = staticmethod(lambda ctx, g: g * dsig(ctx.saved_tensors[0]))


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mask = step(x)
        return x * ctx.mask

    @staticmethod
    def backward(ctx, g):
        return g * ctx.mask


class DotProduct(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return torch.dot(a, b)

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        n = ctx.needs_input_grad
        return give(n[0], lambda: g * b), give(n[1], lambda: g * a)


sigmoid = lambda x: Sigmoid.apply(x)
relu = lambda x: ReLU.apply(x)
dot = lambda a, b: DotProduct.apply(a, b)
