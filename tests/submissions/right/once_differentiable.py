# expect: sigmoid=full product=full
import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + (-x).exp())
        ctx.save_for_backward(y)
        ctx.mark_non_differentiable()
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx, dzdy):
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        ctx.set_materialize_grads(False)
        return x1 * x2

    @staticmethod
    @once_differentiable
    def backward(ctx, dzdy):
        if dzdy is None:
            return None, None
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None
