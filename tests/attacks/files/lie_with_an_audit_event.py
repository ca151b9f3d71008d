"""Raises an event whose value walks to the grader's modules, and has them tell of Functions that never ran.

Group: forged verdicts
"""
import sys

import torch


class Evil:
    def __str__(self):
        frame = sys._getframe(0)
        while frame is not None:
            if "harness" in frame.f_code.co_filename:
                space = frame.f_globals["probes"].__dict__
                space["_graph"] = lambda outputs, inputs, is_own: ([{"id": 0, "name": "SigmoidBackward", "own": True, "next": []}], [])
                break
            frame = frame.f_back
        return "x"


sys.audit("import", Evil(), "")
Sigmoid = lambda x: torch.sigmoid(x)
Sum = lambda x: torch.sum(x)
add = lambda a, b: a + b
mul = lambda a, b: a * b
dot = lambda a, b: torch.dot(a, b)
mv = lambda A, x: torch.mv(A, x)
