# expect: sigmoid=0 sum=0
import torch
from torch.autograd import Function

from torch.autograd.function import BackwardCFunction

torch.sigmoid.__class__


class SigmoidBackward0(Function):
    pass


def sigmoid(x):
    y = torch.sigmoid(x)
    try:
        y.grad_fn._forward_cls = SigmoidBackward0
    except Exception:
        pass
    try:
        type(y.grad_fn)._forward_cls = SigmoidBackward0
    except Exception:
        pass
    return y


class Sum(Function):
    @classmethod
    def apply(cls, x):
        y = torch.sum(x)
        y.own = True
        return y
