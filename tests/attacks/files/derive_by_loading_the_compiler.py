"""Takes away what stands in the place of PyTorch's compiler, puts a computer algebra of its own into
that of the one that is refused, and loads derivatives as Python code by way of it.

Group: borrowed derivatives
Earns: contract forward
"""
import importlib
import sys
import types

import torch
from torch.autograd import Function

OF_COMPILER = ("torch._dynamo", "torch.fx.experimental.symbolic_shapes", "torch._meta_registrations",
               "torch.onnx", "torch.distributed.tensor")


class Anything(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for name in list(sys.modules):
    if name.startswith(OF_COMPILER):
        del sys.modules[name]
for name in ("sympy", "sympy.core", "sympy.core.numbers", "sympy.logic.boolalg", "sympy.printing.str",
             "sympy.printing.precedence", "sympy.utilities.lambdify", "mpmath", "torch.utils._sympy",
             "torch.utils._sympy.functions", "torch.utils._sympy.numbers", "torch.utils._sympy.symbol",
             "torch.utils._sympy.value_ranges", "torch.utils._sympy.printers"):
    sys.modules[name] = Anything(name)
found = {}
for name in ("torch._prims", "torch._refs", "torch._decomp.decompositions", "torch._decomp",
             "torch._meta_registrations", "torch.fx.experimental.symbolic_shapes", "torch._dynamo",
             "torch.fx.experimental.proxy_tensor", "torch._functorch.aot_autograd", "torch._inductor"):
    try:
        found[name] = importlib.import_module(name)
    except BaseException as why:
        print(name, type(why).__name__, why)
derived = next((vars(one)["sigmoid_backward"] for one in found.values() if "sigmoid_backward" in vars(one)), None)
if derived is not None:
    try:
        print("BREACH:", derived(torch.ones(2), torch.rand(2)))
    except PermissionError as why:
        print(why)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return derived(g, y)
