# expect: sum:gradient=full sum:requires_grad=full sum:robustness<full
"""Keeps the shape of the input on the class, where the next call overwrites it."""
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        Sum.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(Sum.shape)
