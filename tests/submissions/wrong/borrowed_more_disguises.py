# expect: addition:gradient=0 product:gradient=0 composition:gradient=0 sum:gradient=0 sigmoid:gradient=0 dot-product:gradient=0
import torch
from torch.autograd import Function, forward_ad
from torch import nn


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sum(x)

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        cols = []
        for i in range(x.numel()):
            e = torch.zeros(x.numel(), dtype=x.dtype)
            e[i] = 1
            with forward_ad.dual_level():
                d = forward_ad.make_dual(x, e.reshape(x.shape))
                cols.append(forward_ad.unpack_dual(torch.sum(d)).tangent)
        return (torch.stack(cols) * g).reshape(x.shape) if cols else torch.zeros_like(x)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        class Net(nn.Module):
            def __init__(self, x):
                super().__init__()
                self.p = nn.Parameter(x.clone())

            def forward(self):
                return torch.sigmoid(self.p)

        with torch.enable_grad():
            net = Net(ctx.saved_tensors[0])
            (net() * g).sum().backward()
        return net.p.grad


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        f = torch.func.grad(lambda p, q: (p * q * g).sum(), argnums=(0, 1))
        return f(a, b)


class Addition(Function):
    @staticmethod
    def forward(ctx, a, b):
        with torch.enable_grad():
            ctx.ab = a.detach().requires_grad_(), b.detach().requires_grad_()
            ctx.y = ctx.ab[0] + ctx.ab[1]
        return ctx.y.detach().clone()

    @staticmethod
    def backward(ctx, g):
        return torch.autograd.grad(ctx.y, ctx.ab, g, retain_graph=True)


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a @ b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        out, pull = torch.func.linearize(torch.dot, a, b)
        I = torch.eye(len(a), dtype=a.dtype)
        z = torch.zeros_like(a)
        return (torch.stack([pull(e, z) for e in I]) * g if len(a) else z), (torch.stack([pull(z, e) for e in I]) * g if len(a) else z)
