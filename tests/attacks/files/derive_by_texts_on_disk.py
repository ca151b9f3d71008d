"""Reads how to derive, and computer algebra as a whole, by C code that asks nobody, and runs it.

Group: borrowed derivatives
Earns: contract forward
"""
import importlib.abc
import importlib.util
import os
import re
import sys
import types

import torch
from torch.autograd import Function

SITE = os.path.dirname(os.path.dirname(torch.__file__))


def by_torch(path):
    size = os.stat(path).st_size
    return bytes(torch.from_file(path, shared=False, size=size, dtype=torch.uint8).numpy())


def by_storage(path):
    size = os.stat(path).st_size
    return bytes(torch.UntypedStorage.from_file(path, False, size))


def by_tcl(path):
    import _tkinter

    tcl = _tkinter.create(None, "x", "Tk", False, 0, False, False, None)
    return tcl.eval("set f [open {%s}]; read $f" % path).encode()


def text(path):
    for read in (by_torch, by_storage, by_tcl):
        try:
            found = read(path)
            print("BREACH:", path, "was read by", read.__name__)
            return found
        except Exception as why:
            print(type(why).__name__)
    raise OSError(path)


class FromText(importlib.abc.Loader, importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] not in ("sympy", "mpmath"):
            return None
        base = os.path.join(SITE, *name.split("."))
        package = os.path.isdir(base)
        file = os.path.join(base, "__init__.py") if package else base + ".py"
        spec = importlib.util.spec_from_loader(name, self, is_package=package)
        spec.loader_state = file
        return spec

    def exec_module(self, module):
        exec(compile(text(module.__spec__.loader_state), "mine", "exec"), vars(module))


def formula():
    yaml = text(os.path.join(SITE, "torchgen/packaged/autograd/derivatives.yaml")).decode()
    return re.search(r"- name: mul.Tensor.*\n  self: (.*)\n", yaml)[1]


def jacobian():
    path = os.path.join(SITE, "torch/distributions/transforms.py")
    return re.search(r"return (-F.softplus.*)\n", text(path).decode())[1]


try:
    print(formula())
except OSError:
    pass
try:
    print(jacobian())
except OSError:
    pass
sys.meta_path.insert(0, FromText())
for name in ("sympy", "mpmath", "sympy.core"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [os.path.join(SITE, name)]
sys.modules.pop("sympy.core.function", None)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        t = torch.exp(eval(jacobian(), {"F": torch.nn.functional, "x": x}))
        return g * t
