"""Raises, and takes the frames from the traceback, from a generator, a coroutine and a context.

Group: frame and gc walks
"""
import sys

from torch.autograd import Function


def up(frame, where):
    while frame is not None:
        if "submission" not in frame.f_code.co_filename:
            print("BREACH:", where, frame.f_code.co_name)
        frame = frame.f_back


def look():
    try:
        raise ValueError
    except ValueError as error:
        for name in ("tb_frame",):
            try:
                up(getattr(error.__traceback__, name), "traceback")
            except BaseException:
                pass
            try:
                up(object.__getattribute__(error.__traceback__, name), "slot")
            except BaseException:
                pass
            try:
                up(type(error.__traceback__).__dict__[name].__get__(error.__traceback__), "descriptor")
            except BaseException:
                pass

    def generator():
        try:
            up(running.gi_frame, "generator")
        except BaseException:
            pass
        yield

    running = generator()
    next(running)

    async def coroutine():
        try:
            up(waiting.cr_frame, "coroutine")
        except BaseException:
            pass

    waiting = coroutine()
    try:
        waiting.send(None)
    except StopIteration:
        pass
    try:
        up(sys.exc_info()[2].tb_frame, "exc_info")
    except BaseException:
        pass


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        look()
        return x

    @staticmethod
    def backward(ctx, g):
        look()
        return g


look()
