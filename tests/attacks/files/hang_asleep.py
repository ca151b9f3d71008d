"""Sleeps for ever, in a forward.

Group: resources
Ending: timeout
Limits: wall_s=1
"""
import time

from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        time.sleep(10_000)

    @staticmethod
    def backward(ctx, g):
        return g
