# expect: sum=full sigmoid=full
import unittest
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None


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


class TestSum(unittest.TestCase):
    def setUp(self):
        self.x = torch.randn(3, requires_grad=True)

    def test_sum(self):
        Sum.apply(self.x).backward()
        self.assertTrue(torch.equal(self.x.grad, torch.ones(3)))

    def test_sigmoid(self):
        self.assertTrue(torch.allclose(Sigmoid.apply(self.x), torch.sigmoid(self.x)))


if __name__ == "__main__":
    unittest.main(argv=[""], exit=False)
