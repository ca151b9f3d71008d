# expect: sum=0 sigmoid=0
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum() + float("inf")

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return x + float("inf")

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
