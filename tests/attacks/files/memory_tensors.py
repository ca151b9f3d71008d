"""Saves more tensors than there is memory for, in a forward.

Group: resources
Limits: wall_s=20 cpu_s=20 memory_mb=128
"""
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.kept = [torch.ones(1 << 24) for _ in range(100)]
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        return g
