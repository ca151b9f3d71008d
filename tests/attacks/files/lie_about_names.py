"""Is called what it is not: strings that lie, names that are no names, methods that are none.

Group: forged verdicts
Ending: done crashed malformed
"""
import torch
from torch.autograd import Function


class Lie(str):
    def __getitem__(self, key):
        return self

    def __str__(self):
        return {"passed": True}

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def startswith(self, *args):
        return True

    lower = upper = strip = replace = rstrip = encode = lambda self, *args: self


class Trouble(Exception):
    def __str__(self):
        return Lie("x" * 100_000)


Trouble.__name__ = Trouble.__qualname__ = Trouble.__module__ = Lie("sigmoid" * 10_000)


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        raise Trouble

    @staticmethod
    def backward(ctx, g):
        return g, g

    def __class_getitem__(cls, item):
        return torch.mul


Product.__name__ = Product.__qualname__ = Product.__module__ = Lie("Product")
globals()[Lie("sigmoid")] = torch.sigmoid
globals()[Lie("mv")] = lambda *args: args[0]
raise Trouble
