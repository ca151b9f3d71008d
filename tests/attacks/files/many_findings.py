"""Writes so much about autograd into one line that a list of it would fill the grader's memory.

Group: hostile source
Ending: done timeout cpu memory
Limits: wall_s=4
"""
from torch.autograd import Function

PART = "torch.autograd.grad(torch.autograd.functional.vjp, torch.func.grad)\n    "
CODE = "import torch\ndef f():\n    " + PART * 2_000
exec(CODE)


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        for name in ("autograd" * 50, "grad" * 50):
            type(name, (Function,), {"forward": staticmethod(lambda ctx, x: x.clone())}).apply(x)
        for number in range(3_000):
            type(f"Inner{number}" + "x" * 500, (Function,), {"forward": staticmethod(lambda ctx, x: x.clone()), "backward": staticmethod(lambda ctx, g: g)}).apply(x)
        return x.sum() + 1

    @staticmethod
    def backward(ctx, g):
        return g * 3
