"""Raises SystemExit and KeyboardInterrupt wherever it is called.

Group: forged verdicts
"""
import sys

from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        sys.exit(0)

    @staticmethod
    def backward(ctx, g):
        raise KeyboardInterrupt


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        raise GeneratorExit

    @staticmethod
    def backward(ctx, g):
        return g


sys.exit(0)
