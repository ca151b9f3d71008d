# expect: sigmoid=0
"""A mode that answers for tensors: whoever asks for grad_fn gets a Function's node."""
import torch
from torch.autograd import Function
from torch.overrides import TorchFunctionMode


class Pass(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


class Mode(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        if getattr(func, "__self__", None) is torch.Tensor.grad_fn and args:
            return Mode.node
        return func(*args, **(kwargs or {}))


Mode.node = Pass.apply(torch.ones(1, requires_grad=True)).grad_fn
Mode().__enter__()


def sigmoid(x):
    return torch.sigmoid(x)
