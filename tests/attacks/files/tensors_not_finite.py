"""Answers with NaN and infinity, which compare as a careless checker would like.

Group: hostile tensors
"""
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.full_like(x, float("nan"))

    @staticmethod
    def backward(ctx, g):
        return g * float("inf")


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum() * float("inf")

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape) * float("nan")
