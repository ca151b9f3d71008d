# expect: sigmoid=0 product=0
# diagnosis: product: nothing
# diagnosis: sigmoid: nothing
# says: sigmoid: leads back to none
import torch
from torch.autograd import Function

class _S(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy


def sigmoid(x):
    return _S.apply(x).detach()


@torch.no_grad()
def mul(a, b):
    return a * b
