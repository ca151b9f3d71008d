# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        return torch.zeros(1).expand(10 ** 9)
