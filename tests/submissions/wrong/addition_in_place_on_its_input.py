# expect: addition<full addition:robustness<full
# says: addition: changed in place
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        x1 += x2
        return x1.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return tuple(dzdy if n else None for n in ctx.needs_input_grad)
