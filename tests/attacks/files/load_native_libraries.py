"""Gets at C by the ways that torch and numpy have for extensions.

Group: privilege calls
Limits: wall_s=8
"""
import numpy
import torch

SOURCE = "int f() { return 1; }"
for way in (
    lambda: torch.ops.load_library("libc.so.6"),
    lambda: torch.classes.load_library("libc.so.6"),
    lambda: numpy.ctypeslib.load_library("libc.so.6", "/lib"),
    lambda: __import__("torch.utils.cpp_extension").utils.cpp_extension.load_inline("evil", [SOURCE], functions=["f"]),
    lambda: __import__("torch._inductor.compile_fx")._inductor.compile_fx.compile_fx(None, []),
    lambda: numpy.ctypeslib.as_ctypes(numpy.ones(1)),
    lambda: numpy.ones(1).ctypes.data_as(None),
    lambda: __import__("cffi").FFI().dlopen(None),
):
    try:
        way()
        print("BREACH: did", way.__code__.co_names)
    except BaseException:
        pass
