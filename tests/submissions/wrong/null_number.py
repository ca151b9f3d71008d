# expect: sum=0
# says: sum: float
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum().item()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
