"""Looks for the cell's own modules, to send frames of its own with their help.

Group: forged verdicts
"""
import importlib
import sys

for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("cell", "worker", "graders", "app") or "read_request" in vars(module):
        print("BREACH: found", name)
for name in ("cell.frames", "cell.harness", "cell.child", "worker.cell.frames", "graders.judge", "frames", "harness"):
    try:
        print("BREACH: imported", importlib.import_module(name))
    except ImportError:
        pass
