# expect: sum=full sigmoid:gradient=0 sigmoid:forward=full
# says: sigmoid: is a tensor of layout sparse_coo where an ordinary tensor was expected
"""What cannot be sent is that gradient's own fault, and costs no other exercise anything."""

import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return (dzdy * y * (1 - y)).to_sparse()


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)
