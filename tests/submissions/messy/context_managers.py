# expect: sigmoid=full dot-product=full
import contextlib
import time
import torch
from torch.autograd import Function


@contextlib.contextmanager
def timed(name):
    began = time.perf_counter()
    yield
    print(name, time.perf_counter() - began)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        with timed("forward"), torch.no_grad():
            y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        with timed("backward"):
            (y,) = ctx.saved_tensors
            return g * y * (1 - y)


class DotProduct(Function):
    @staticmethod
    @torch.no_grad()
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return torch.einsum("i,i->", a, b)

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return tuple(g * other if need else None for other, need in zip((b, a), ctx.needs_input_grad))
