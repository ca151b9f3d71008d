"""Gives its classes and exceptions metaclasses that answer whatever is asked.

Group: forged verdicts
Ending: done crashed malformed
"""
from torch.autograd import Function
from torch.autograd.function import FunctionMeta


class Meta(FunctionMeta):
    __mro__ = property(lambda cls: (Function, object))
    __name__ = property(lambda cls: 1 / 0)
    __module__ = property(lambda cls: "submission")

    def mro(cls):
        return [cls, Function, *Function.__mro__[1:]]

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return 0

    def __getattribute__(cls, name):
        if name == "__class__":
            return FunctionMeta
        return super().__getattribute__(name)

    def __instancecheck__(cls, one):
        return True


class Sigmoid(Function, metaclass=Meta):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, g):
        return g


class Odd(type):
    __name__ = property(lambda cls: [cls] * 1000)

    def __getattribute__(cls, name):
        raise BaseException(name)


class Trouble(Exception, metaclass=Odd):
    pass


raise Trouble
