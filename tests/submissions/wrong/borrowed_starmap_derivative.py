# expect: sigmoid:gradient=0
import itertools
import torch
from torch.autograd import Function

op = torch.ops.aten.sigmoid_backward.default._op


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        return next(itertools.starmap(op, [(g, *ctx.saved_tensors)]))
