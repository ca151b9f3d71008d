# expect: linear:gradient=0
"""The same gradients, cut out of the text of the module."""
import ast
import os

import torch

path = os.path.join(os.path.dirname(torch.__file__), "nested", "_internal", "ops.py")
parts = [one for one in ast.parse(open(path).read()).body if getattr(one, "name", "") == "linear_backward_default"]
parts[0].decorator_list = []
space = {
    "torch": torch,
    "normalize_function": lambda _, args=(), kwargs=None, **__: (None, dict(kwargs)),
    "NestedTensor": lambda values, **_: values,
    "extract_kwargs": lambda _: {},
    "check_ragged_dim_same": lambda *_: None,
}
exec(compile(ast.Module(parts, []), "cut", "exec"), space)


class Values:
    def __init__(self, values):
        self._values = values


class Linear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, X, W, b):
        ctx.save_for_backward(X, W)
        return X @ W.T + b

    @staticmethod
    def backward(ctx, g):
        X, W = ctx.saved_tensors
        found = space["linear_backward_default"](
            None, input=Values(X), grad_output=Values(g), weight=W, output_mask=ctx.needs_input_grad
        )
        return tuple(found)
