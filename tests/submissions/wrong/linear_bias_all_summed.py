# expect: linear:forward=full linear:gradient<full
# diagnosis: linear: gradient of the bias spread out
import torch
from torch.autograd import Function


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, X, W, b):
        ctx.save_for_backward(X, W, b)
        return X @ W.t() + b

    @staticmethod
    def backward(ctx, g):
        X, W, b = ctx.saved_tensors
        gx = gw = gb = None
        if ctx.needs_input_grad[0]:
            gx = g @ W
        if ctx.needs_input_grad[1]:
            gw = g.t() @ X
        if ctx.needs_input_grad[2]:
            gb = g.sum().repeat(len(b))
        return gx, gw, gb
