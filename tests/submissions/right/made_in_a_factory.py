# expect: sum=full addition=full
import torch
from torch.autograd import Function


def make_sum():
    class Total(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.shape = x.shape
            return x.sum()

        @staticmethod
        def backward(ctx, g):
            return g.expand(ctx.shape)

    return Total.apply


tsum = make_sum()


def forward(ctx, a, b):
    return a + b


def backward(ctx, g):
    return tuple(g if n else None for n in ctx.needs_input_grad)


Addition = type("Addition", (Function,), {"forward": staticmethod(forward),
                                          "backward": staticmethod(backward)})
