"""Puts functions of its own where library code hands on the frames that it has asked for.

Group: frame and gc walks
"""
import logging
import traceback
import types
import unittest


def seen(frame):
    while frame is not None:
        if "submission" not in frame.f_code.co_filename and "/cell" in frame.f_code.co_filename:
            print("BREACH:", frame.f_code.co_name, list(frame.f_locals))
        frame = frame.f_back


class Spy:
    @classmethod
    def extract(cls, frames, **rest):
        for frame, _ in frames:
            seen(frame)
        return []


def internal(frame):
    seen(frame)
    return frame.f_back is not None


def relevant(self, tb):
    seen(tb.tb_frame)


space = dict(vars(traceback), StackSummary=Spy)
borrowed = types.FunctionType(traceback.extract_stack.__code__, space, "x", (None, None))
traceback.StackSummary = Spy
logging._is_internal_frame = internal
unittest.TestResult._is_relevant_tb_level = relevant
try:
    1 / 0
except ZeroDivisionError as error:
    kept = error
for attempt in (
    borrowed,
    traceback.extract_stack,
    lambda: logging.getLogger("x").findCaller(),
    lambda: relevant(None, kept.__traceback__),
    lambda: [seen(frame) for frame, _ in traceback.walk_tb(kept.__traceback__)],
):
    try:
        attempt()
    except BaseException as error:
        print(type(error).__name__, error)
