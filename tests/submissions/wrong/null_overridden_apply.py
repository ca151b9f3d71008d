# expect: sum=0 sigmoid=0 dot-product=0
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def apply(x):
        return torch.sum(x)


class Sigmoid(Function):
    @classmethod
    def apply(cls, x):
        return torch.sigmoid(x)

    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy


class DotProduct(Function):
    apply = torch.dot
