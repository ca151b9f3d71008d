"""Gives its Functions a metaclass that lies about where they come from and what they hold.

Group: patched torch and builtins
"""
import torch
from torch.autograd import Function


class Liar(type(Function)):
    def __getattribute__(cls, name):
        if name == "apply":
            return torch.sigmoid
        return super().__getattribute__(name)

    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return True


class Sigmoid(Function, metaclass=Liar):
    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        return None
