# expect: relu=full
import torch
from torch import maximum, heaviside, zeros_like


class ReluFunction(torch.autograd.Function):
    forward = staticmethod(lambda ctx, x: (ctx.save_for_backward(x), maximum(x, zeros_like(x)))[1])

    @staticmethod
    def backward(ctx, up):
        x = ctx.saved_tensors[0]
        return up * heaviside(x, x.new_zeros(()))
