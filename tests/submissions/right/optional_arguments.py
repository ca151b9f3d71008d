# expect: sum=full product=full sigmoid=full addition=full composition=full
import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b, alpha=1):
        ctx.alpha = alpha
        return a + alpha * b

    @staticmethod
    def backward(ctx, g):
        return (g if ctx.needs_input_grad[0] else None,
                g * ctx.alpha if ctx.needs_input_grad[1] else None,
                None)


class Product(Function):
    @staticmethod
    def forward(ctx, a, b, *, verbose=False):
        ctx.save_for_backward(a, b)
        return a.mul(b)

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        need = ctx.needs_input_grad
        return g.mul(b) if need[0] else None, g.mul(a) if need[1] else None


class Sum(Function):
    @staticmethod
    def forward(ctx, x, dim=None, keepdim=False):
        ctx.shape, ctx.dim, ctx.keepdim = x.shape, dim, keepdim
        return x.sum() if dim is None else x.sum(dim, keepdim=keepdim)

    @staticmethod
    def backward(ctx, g):
        if ctx.dim is not None and not ctx.keepdim:
            g = g.unsqueeze(ctx.dim)
        return g.expand(ctx.shape), None, None


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x, beta=1.0):
        y = torch.sigmoid(beta * x)
        ctx.save_for_backward(y)
        ctx.beta = beta
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return ctx.beta * g * y * (1 - y), None
