# expect: product:gradient=0
# says: product: is empty where that was not called
"""`save_for_backward` is forgotten."""

import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a * b

    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[1], g * ctx.saved_tensors[0]
