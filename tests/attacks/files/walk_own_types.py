"""Uses values of its own types as bait: their methods are called by whoever touches them.

Group: frame and gc walks
"""
import sys

from torch.autograd import Function


def look(what):
    try:
        frame = sys._getframe(1)
    except BaseException:
        return
    while frame is not None:
        if frame.f_code.co_filename.startswith("/cell"):
            print("BREACH:", what, frame.f_code.co_name)
        frame = frame.f_back


class Bait(str):
    def __getattribute__(self, name):
        look(name)
        return super().__getattribute__(name)

    def __str__(self):
        look("str")
        return "bait"

    __repr__ = __hash__ = __format__ = lambda self, *rest: look("bait") or 0

    def __eq__(self, other):
        look("eq")
        return True

    def __iter__(self):
        look("iter")
        return iter(())

    def __len__(self):
        look("len")
        return 1


class Error(Exception):
    def __str__(self):
        look("error")
        return "bait"


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return Bait()

    @staticmethod
    def backward(ctx, g):
        return Bait()


Sigmoid.__name__ = Bait("Sigmoid")
raise Error
