"""Looks for the cell's own modules, to send frames of its own with their help.

Group: forged verdicts
"""
import importlib
import sys

for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("cell", "worker", "graders", "app") or "read_request" in vars(module):
        print("BREACH: found", name)
for name in ("cell.protocol", "cell.harness", "cell.process.child", "worker.cell.protocol", "graders.judge", "protocol", "harness"):
    try:
        print("BREACH: imported", importlib.import_module(name))
    except ImportError:
        pass
