# expect: sum=0 sigmoid=0
# says: sigmoid: is not written yet
import torch
from torch.autograd import Function

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        pass

    @staticmethod
    def backward(ctx, dzdy):
        return None

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return None

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
