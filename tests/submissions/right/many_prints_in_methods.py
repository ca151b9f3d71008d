# expect: sum=full sigmoid=full
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        print("forward of sum", x.shape, x.requires_grad, x.grad_fn)
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        print("backward of sum", g)
        x, = ctx.saved_tensors
        return g * torch.ones_like(x)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        try:
            y = 1 / (1 + torch.exp(-x))
        except OverflowError:
            y = torch.zeros_like(x)
        ctx.y = y
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        assert g.shape == ctx.y.shape, f"{g.shape} is not {ctx.y.shape}"
        y = ctx.saved_tensors[0]
        return torch.addcmul(torch.zeros_like(y), g * y, 1 - y)
