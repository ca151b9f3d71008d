"""Puts markup, terminal codes and broken text into everything that is shown.

Group: markup in messages
"""
from torch.autograd import Function

WILD = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\x1b]0;owned\x07\x1b[2J\x00\ud800\u202e{{7*7}}"
print(WILD.encode("utf-8", "replace").decode())


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        raise ValueError(WILD)

    @staticmethod
    def backward(ctx, g):
        return g


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum() + 1

    @staticmethod
    def backward(ctx, g):
        raise type(WILD.replace("\x00", "").replace("\ud800", ""), (Exception,), {})(WILD)


Sum.__name__ = Sum.__qualname__ = WILD.replace("\x00", "").replace("\ud800", "")
raise ValueError(WILD)
