# expect: sigmoid=0
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x).to_sparse()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
