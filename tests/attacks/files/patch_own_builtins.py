"""Looks at the builtins that its globals and functions hold, which must not be the grader's own copy.

Group: patched torch and builtins
"""
import builtins

mine = __builtins__ if isinstance(__builtins__, dict) else vars(__builtins__)
if mine is not vars(builtins):
    print("BREACH: builtins of somebody else")
del globals()["__builtins__"]


def function():
    pass


if function.__builtins__ is not vars(builtins):
    print("BREACH: builtins of somebody else")
function.__builtins__["chainrule"] = 1
if not hasattr(builtins, "chainrule"):
    print("BREACH: builtins of somebody else")
