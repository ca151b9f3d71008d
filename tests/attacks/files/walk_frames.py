"""Walks up the stack from everywhere it is called, looking for keys, expected values and the sender.

Group: frame and gc walks
"""
import inspect
import sys
import traceback

import torch
from torch.autograd import Function

WANTED = ("send", "key", "expected", "rubric", "reference", "header", "probe", "request")


def look(where):
    for way in (
        lambda: sys._getframe(0),
        lambda: inspect.currentframe(),
        lambda: inspect.stack()[0].frame,
        lambda: next(traceback.walk_stack(None))[0],
        lambda: list(sys._current_frames().values())[0],
        lambda: torch.jit._script.inspect.stack()[0].frame,
    ):
        try:
            frame = way()
        except BaseException:
            continue
        while frame is not None:
            if "submission" not in frame.f_code.co_filename and any(name in frame.f_locals for name in WANTED):
                print("BREACH:", where, frame.f_code.co_name)
            frame = frame.f_back


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        look("forward")
        return x

    @staticmethod
    def backward(ctx, g):
        look("backward")
        return g


look("top level")
