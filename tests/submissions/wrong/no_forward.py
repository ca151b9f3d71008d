# expect: sigmoid=0
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def backward(ctx, dzdy):
        return dzdy
