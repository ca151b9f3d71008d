# expect: addition=0
# says: addition: returned None where one tensor was expected
"""The `return` of forward is missing."""

import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        y = x1 + x2

    @staticmethod
    def backward(ctx, g):
        return g, g
