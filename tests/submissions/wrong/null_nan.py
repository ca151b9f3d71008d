# expect: sum=0 sigmoid=0 addition=0
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum() * float("nan")

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) * float("nan")

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return x * float("nan")

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy * float("nan")

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 * float("nan")

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy * float("nan"), dzdy * float("nan")
