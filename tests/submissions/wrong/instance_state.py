# expect: product<full product>0
# says: product: __init__
import torch
from torch.autograd import Function

class Product(Function):
    def __init__(self):
        self.x1 = None

    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        raise ValueError("__init__ was never called")
