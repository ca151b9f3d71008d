"""Puts other modules in the place of torch's, half-way through the checks.

Group: patched torch and builtins
Ending: done crashed
"""
import sys
import types

import torch


class Everything(types.ModuleType):
    def __getattr__(self, name):
        return lambda *args, **kwargs: True


class Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        for name in list(sys.modules):
            if name.partition(".")[0] in ("torch", "numpy", "json", "hashlib", "struct", "os", "types"):
                sys.modules[name] = Everything(name)
        sys.modules["builtins"] = Everything("builtins")
        return x * 2

    @staticmethod
    def backward(ctx, g):
        type(ctx)._forward_cls = torch.autograd.Function
        type(ctx).apply = lambda *args: None
        return g
