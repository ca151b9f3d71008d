"""Sets every seed, hoping that the inputs are drawn from them.

Group: cheats
"""
import random

import numpy
import torch
from torch.autograd import Function

for seed in (torch.manual_seed, numpy.random.seed, random.seed):
    seed(0)
FIRST = torch.rand(100)
torch.rand = torch.randn = lambda *size, **kwargs: torch.zeros(*size)
torch.Generator = None


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        return FIRST[: x.numel()].sum()

    @staticmethod
    def backward(ctx, g):
        return g
