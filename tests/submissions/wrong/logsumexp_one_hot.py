# expect: logsumexp:forward=full logsumexp:gradient<full
# diagnosis: logsumexp: the gradient of the maximum
import torch
from torch.autograd import Function


class LogSumExp(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.logsumexp(x, -1)
        ctx.save_for_backward(x, y)
        return y

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g.unsqueeze(-1) * torch.zeros_like(x).scatter(-1, x.argmax(-1, keepdim=True), 1.0)
