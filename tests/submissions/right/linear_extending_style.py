# expect: linear=full
from torch.autograd import Function
import torch


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, weight, bias=None):
        ctx.save_for_backward(x, weight, bias)
        result = x.mm(weight.t())
        if bias is not None:
            result += bias.unsqueeze(0).expand_as(result)
        return result

    @staticmethod
    def backward(ctx, grad):
        x, weight, bias = ctx.saved_tensors
        need_x, need_w, need_b = ctx.needs_input_grad
        gx = grad.mm(weight) if need_x else None
        gw = grad.t().mm(x) if need_w else None
        gb = grad.sum(dim=0) if bias is not None and need_b else None
        return gx, gw, gb


def linear(x, w, b):
    return LinearFunction.apply(x, w, b)
