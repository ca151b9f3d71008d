"""Changes the installed torch, so that the next submission meets another one.

Group: files
"""
import os

import torch

for folder in (os.path.dirname(torch.__file__), os.path.dirname(os.__file__), "/cell", "/site"):
    for way in (
        lambda: open(folder + "/__init__.py", "a").write("x = 1"),
        lambda: os.rename(folder, folder + ".old"),
        lambda: os.mkdir(folder + "/evil"),
    ):
        try:
            way()
            print("BREACH: changed", folder)
        except OSError:
            pass
