# expect: sigmoid=full product=full sum=full
import functools
import time

import torch
from torch.autograd import Function


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = function(*args, **kwargs)
        wrapper.seconds += time.perf_counter() - start
        return result

    wrapper.seconds = 0.0
    return wrapper


class Sigmoid(Function):
    @staticmethod
    @timed
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    @timed
    @torch.no_grad()
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)


class Product(Function):
    @staticmethod
    @torch.amp.custom_fwd(device_type="cpu")
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    @torch.amp.custom_bwd(device_type="cpu")
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        n = ctx.needs_input_grad
        return g * b if n[0] else None, g * a if n[1] else None


class Sum(Function):
    @staticmethod
    @timed
    def forward(ctx, x):
        ctx.save_for_backward(x)
        with torch.no_grad():
            return x.sum()

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        with torch.no_grad():
            return torch.ones_like(x) * g
