"""Has C++ call derivative kernels for it, which asks no dispatcher; resets what replaced them; and
reads derivatives as text out of a compiled library.

Group: borrowed derivatives
Earns: contract forward
"""
import os

import torch
from torch.autograd import Function


def by_a_static_module(g, y):
    graph = torch._C.parse_ir("""graph(%g : Tensor, %y : Tensor):
  %none : NoneType = prim::Constant()
  %d : Tensor = aten::sigmoid_backward(%g, %y)
  %r : Tensor = aten::clone(%d, %none)
  return (%r)""")
    return torch._C._jit_to_static_module(graph)(g, y)


def by_a_reset(g, y):
    torch._C._dispatch_library("IMPL", "aten", "", "file", 0).reset()
    return torch.ops.aten.sigmoid_backward(g, y)


def by_text(g, y):
    path = os.path.join(os.path.dirname(torch.__file__), "lib", "libtorch_cpu.so")
    mapped = torch.from_file(path, size=os.stat(path).st_size, dtype=torch.uint8).numpy()
    assert b"def sigmoid(self):" in mapped.tobytes()
    print("BREACH: the text is there")
    return (1 - y) * y * g


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        for way in (by_a_static_module, by_a_reset, by_text):
            try:
                return way(g, y.detach()).clone()
            except Exception as why:
                print(way.__name__, type(why).__name__)
        return None
