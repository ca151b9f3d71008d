# expect: product=full
"""inference_mode is switched on at the top level and stays on."""

import torch
from torch.autograd import Function


class Mul(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None


mul = Mul.apply
_m = torch.inference_mode()
_m.__enter__()
