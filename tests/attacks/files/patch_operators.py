"""Puts operators of its own into torch's dispatcher, and modes and defaults that never end.

Group: patched torch and builtins
Ending: done crashed timeout malformed
Limits: wall_s=5
"""
import torch
from torch.utils._python_dispatch import TorchDispatchMode


def lie(*args, **kwargs):
    return args[0]


class Mode(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        return function(*args, **(kwargs or {})) if len(args) < 2 else args[0]


kept = []
for name in ("mul.Tensor", "clone", "sum", "sigmoid", "mv", "dot", "expand", "copy_", "empty_like"):
    for key in ("CPU", "Autograd", "CompositeImplicitAutograd", "AutogradCPU"):
        try:
            library = torch.library.Library("aten", "IMPL")
            library.impl(name, lie, key)
            kept.append(library)
        except BaseException:
            pass
try:
    torch.set_default_device("meta")
    torch.inference_mode().__enter__()
    Mode().__enter__()
except BaseException:
    pass


class Product(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        return a

    @staticmethod
    def backward(ctx, g):
        return g, g


class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, g):
        return g
