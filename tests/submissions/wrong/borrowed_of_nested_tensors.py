# expect: linear:gradient=0
"""What PyTorch knows of nested tensors has the gradients of a linear layer in Python; its module is
imported with what registers kernels replaced."""
import torch
import torch.library


class Registry:
    def __init__(self, *_):
        pass

    def __getattr__(self, _):
        return lambda *_, **__: lambda function: function


torch.library.Library = Registry
for name in ("impl", "define", "register_kernel", "register_fake", "custom_op", "register_autograd"):
    setattr(torch.library, name, lambda *_, **__: lambda function: function)
import torch.nested._internal.ops as nested

nested.normalize_function = lambda _, args=(), kwargs=None, **__: (None, dict(kwargs))
nested.NestedTensor = lambda values, **_: values
nested.extract_kwargs = lambda _: {}
nested.check_ragged_dim_same = lambda *_: None


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
        needs = ctx.needs_input_grad
        return tuple(
            nested.linear_backward_default(
                None, input=Values(X), grad_output=Values(g), weight=W, output_mask=needs
            )
        )
