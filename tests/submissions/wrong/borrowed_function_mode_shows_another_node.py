# expect: addition=0 product=0 composition=0 sum=0 sigmoid=0 dot-product=0 matrix-vector-product=0
"""A TorchFunctionMode that stays on shows the grader another grad_fn than the one that is there.
Expect: 0 points."""
import torch
from torch.autograd import Function
from torch.overrides import TorchFunctionMode

shown = {}


class Same(Function):
    @staticmethod
    def forward(ctx, *args):
        return args[0].sum()

    @staticmethod
    def backward(ctx, g):
        return None, None


READ = torch.Tensor.grad_fn.__get__


class Show(TorchFunctionMode):
    def __torch_function__(self, function, types, args=(), kwargs=None):
        if function is READ or getattr(function, "__self__", None) is torch._C.TensorBase.grad_fn:
            if id(args[0]) in shown:
                return shown[id(args[0])][1]
        return function(*args, **(kwargs or {}))


def masked(operation):
    def entry(*args):
        y = operation(*args)
        with torch._C.DisableTorchFunction():
            shown[id(y)] = (y, Same.apply(*args).grad_fn)
        return y

    return entry


Show().__enter__()
_s, _u, _d, _m, _a, _p = map(masked, (torch.sigmoid, torch.sum, torch.dot, torch.mv, torch.add, torch.mul))
Sigmoid = lambda x: _s(x)
Sum = lambda x: _u(x)
dot = lambda a, b: _d(a, b)
mv = lambda A, x: _m(A, x)
add = lambda a, b: _a(a, b)
mul = lambda a, b: _p(a, b)
