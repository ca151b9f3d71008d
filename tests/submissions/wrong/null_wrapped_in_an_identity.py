# expect: sum=0 sigmoid=0 dot-product=0
import torch
from torch.autograd import Function

class Identity(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy


def tsum(x):
    return Identity.apply(torch.sum(Identity.apply(x)))


def sigmoid(x):
    return Identity.apply(torch.sigmoid(Identity.apply(x)))


def dot(a, b):
    return Identity.apply(torch.dot(Identity.apply(a), Identity.apply(b)))
