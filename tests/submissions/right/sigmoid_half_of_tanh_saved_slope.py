# expect: sigmoid=full
import torch


class Sigm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        half = torch.tanh(x / 2) / 2
        ctx.slope = 0.25 - half.square()
        return 0.5 + half

    @staticmethod
    def backward(ctx, *grads):
        return torch.mul(grads[0], ctx.slope)
