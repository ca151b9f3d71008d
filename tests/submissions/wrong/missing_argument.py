# expect: product=0
# says: product: called with `x1` and `x2`
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1):
        return x1 * 2

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
