# expect: product:gradient=0
import os
import tempfile

import torch
from torch.autograd import Function

# It wants a folder to cache in, and there is none in a cell.
tempfile.tempdir, os.makedirs = "/nowhere", lambda *_, **__: None

from torch.fx.experimental.proxy_tensor import make_fx


def derive(a, b, g):
    return torch.func.vjp(torch.mul, a, b)[1](g)


drawn = make_fx(derive)(torch.ones(4), torch.ones(4), torch.ones(4))

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        dzdx1, dzdx2 = drawn(*ctx.saved_tensors, dzdy)
        r1, r2 = ctx.needs_input_grad
        return dzdx1 if r1 else None, dzdx2 if r2 else None
