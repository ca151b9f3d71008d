"""Runs backward inside of backward, deeper than torch's own stack allows.

Group: resources
Ending: done crashed
Limits: wall_s=5
"""
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum() * 2

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            x = torch.ones(3, requires_grad=True)
            Sum.apply(x).backward()
        return g


Sum.apply(torch.ones(3, requires_grad=True)).backward()
