# expect: softmax:forward=full softmax:gradient=0
# diagnosis: softmax: the gradient of log-softmax
import torch
from torch.autograd import Function


class Softmax(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.softmax(x, -1)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return g - y * g.sum(-1, keepdim=True)
