# expect: sum=full
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


class TestSum(unittest.TestCase):
    def test_sum(self):
        x = torch.randn(3, requires_grad=True)
        Sum.apply(x).backward()
        self.assertTrue(torch.equal(x.grad, torch.ones(3)))


suite = unittest.TestLoader().loadTestsFromTestCase(TestSum)
unittest.TextTestRunner(verbosity=2).run(suite)
unittest.main()
