# expect: sigmoid=full
import math

import torch


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = 0.5 * (1 + torch.tanh(x / 2))
        ctx.save_for_backward(x)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        t = torch.tanh(0.5 * x)
        return 0.25 * (1 - t * t) * dzdy
