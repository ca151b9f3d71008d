"""Raises exceptions whose text, causes and representations have no end.

Group: hostile source
Ending: done timeout crashed
Limits: wall_s=3
"""
from torch.autograd import Function


class Loop(Exception):
    def __str__(self):
        return str(self) + repr(self)

    def __repr__(self):
        return repr([self] * 10)


class Huge(Exception):
    def __str__(self):
        return "\x1b[31m<b>\u202e" * 20_000_000


one, two = Loop(), Huge()
one.__cause__ = two
two.__context__ = one
group = one
for _ in range(5_000):
    group = BaseExceptionGroup("deep", [group])


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        raise two

    @staticmethod
    def backward(ctx, g):
        raise group


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return x

    @staticmethod
    def backward(ctx, g):
        raise one


def raising(error):
    raise error


try:
    raising(group)
except* Loop:
    raise two
raise one
