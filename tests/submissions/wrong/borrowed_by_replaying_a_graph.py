# expect: sigmoid:gradient=0
"""The graph of autograd's own operations, written down at the top level and run again later."""
import torch
from torch.autograd import Function
from torch.fx.experimental.proxy_tensor import make_fx


def pulled_back(x, g):
    return torch.func.vjp(torch.sigmoid, x)[1](g)[0]


def by_engine(x, g):
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        return torch.autograd.grad(torch.sigmoid(x), x, g)[0]


REPLAYS = []
for way in (pulled_back, by_engine):
    for mode in ("real", "symbolic"):
        try:
            REPLAYS.append(make_fx(way, tracing_mode=mode)(torch.randn(3), torch.randn(3)))
        except BaseException:
            pass


def derived(x, g):
    return REPLAYS[0](x, g)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return derived(x.detach(), g.detach())
