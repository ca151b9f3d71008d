# expect: logsumexp:forward=full logsumexp:gradient=0
# diagnosis: logsumexp: upstream gradient forgotten
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
        return torch.softmax(x, -1)
