# expect: sigmoid=full sum=full
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None


def test_sigmoid():
    x = torch.randn(4, requires_grad=True, dtype=torch.float64)
    assert torch.autograd.gradcheck(Sigmoid.apply, x)


def test_sum():
    x = torch.randn(4, requires_grad=True, dtype=torch.float64)
    assert torch.autograd.gradcheck(Sum.apply, x)


import pytest
import unittest


class Checks(unittest.TestCase):
    def test_it(self):
        test_sum()


test_sigmoid()
test_sum()
pytest.main([__file__])
unittest.main()
assert False, "left over"
