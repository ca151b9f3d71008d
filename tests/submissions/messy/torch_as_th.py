# expect: sigmoid=full softmax=full
import torch as th
import torch.nn as nn, torch.nn.functional as F
import numpy as np


class Sigmoid(th.autograd.Function):
    @staticmethod
    def forward(ctx, input: th.Tensor) -> th.Tensor:
        output = F.sigmoid(input)
        ctx.save_for_backward(output)
        return output

    @staticmethod
    def backward(ctx, grad_output: th.Tensor) -> th.Tensor:
        output, = ctx.saved_tensors
        return grad_output * output * (1 - output)


class Softmax(th.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = th.exp(x - x.max(dim=-1, keepdim=True).values)
        y = e / e.sum(-1, keepdim=True)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        return y * (g - (g * y).sum(-1, keepdim=True))


sigmoid, softmax = Sigmoid.apply, Softmax.apply
