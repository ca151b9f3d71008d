# expect: sigmoid=full
import torch


class LogisticSigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        zero = torch.zeros((), dtype=x.dtype)
        return torch.exp(-torch.logaddexp(zero, -x))

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        zero = torch.zeros((), dtype=x.dtype)
        log_slope = -torch.logaddexp(zero, -x) - torch.logaddexp(zero, x)
        return g * log_slope.exp()
