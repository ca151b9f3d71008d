"""Returns results far larger than anything that was asked for.

Group: resources
Limits: wall_s=20 cpu_s=20
"""
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.ones(1 << 24)

    @staticmethod
    def backward(ctx, g):
        return torch.ones(1 << 24)


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.ones(1).expand(1 << 40)

    @staticmethod
    def backward(ctx, g):
        return g
