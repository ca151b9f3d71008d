# expect: sigmoid=0
import torch
from torch.autograd import Function

class Strange(BaseException):
    def __str__(self):
        raise RuntimeError("no text for you")

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        raise Strange

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
