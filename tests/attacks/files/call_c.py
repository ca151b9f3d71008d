"""Reaches for C, by ctypes, cffi, numpy and whatever still remembers them.

Group: ptrace and /proc
"""
import importlib
import sys

import numpy
import torch

found = []
for name in ("ctypes", "_ctypes", "cffi", "_cffi_backend", "ctypes.util", "numpy.ctypeslib", "_testcapi"):
    for way in (importlib.import_module, __import__):
        try:
            found.append(way(name))
        except Exception:
            pass
for module in [*sys.modules.values(), *found]:
    for attempt in (
        lambda: module.CDLL(None).getpid(),
        lambda: module.PyDLL(None).getpid(),
        lambda: module.dlopen(None, 0),
        lambda: module.pythonapi.Py_IncRef,
        lambda: module.string_at(id(module), 8),
        lambda: module.PyObj_FromPtr(id(module)),
        lambda: module.call_function(0, ()),
        lambda: module.c_char.from_address(id(module)),
    ):
        if getattr(module, "__name__", "torch").split(".")[0] in ("ctypes", "_ctypes", "cffi", "_cffi_backend"):
            try:
                print("BREACH: called", attempt())
            except Exception:
                pass
for way in (lambda: numpy.ones(1).ctypes._ctypes.CDLL(None), lambda: torch.cuda.cudart().CDLL(None)):
    try:
        print("BREACH: called", way())
    except Exception:
        pass
