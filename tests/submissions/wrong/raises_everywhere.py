# expect: sigmoid=0 sum:gradient=0
# says: sum: ZeroDivisionError
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return 1 / 0

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        raise SystemExit(0)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
