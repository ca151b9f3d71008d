# expect: relu=full
from torch.autograd import Function
import torch as th


class rectifier(Function):
    @staticmethod
    def forward(context, t):
        context.open_gate = t.gt(0)
        return th.where(context.open_gate, t, th.zeros((), dtype=t.dtype))

    @staticmethod
    def backward(context, incoming):
        return incoming.masked_fill(~context.open_gate, 0.0)
