"""Catches every torch operation with a function mode that stays on.

Group: patched torch and builtins
Ending: done timeout crashed
Limits: wall_s=2
"""
import torch
from torch.overrides import TorchFunctionMode


class Spy(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        if "zeros" in getattr(function, "__name__", "") or len(args) == 2:
            return args[0]
        return function(*args, **(kwargs or {}))


Spy().__enter__()


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        return a * b

    @staticmethod
    def backward(ctx, g):
        return g, g
