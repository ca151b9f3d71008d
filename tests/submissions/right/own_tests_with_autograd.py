# expect: all=full
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        r1, r2 = ctx.needs_input_grad
        return dzdy if r1 else None, dzdy if r2 else None

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return torch.sum(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y)

class DotProduct(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return torch.dot(x1, x2)

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy * x2 if r1 else None, dzdy * x1 if r2 else None

class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return torch.mv(A, x)

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        dA = torch.outer(dzdy, x) if ctx.needs_input_grad[0] else None
        dx = torch.mv(A.t(), dzdy) if ctx.needs_input_grad[1] else None
        return dA, dx


import unittest


def check(function, reference, *shapes):
    """Compares with autograd: allowed here, this is no backward."""
    inputs = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
    ours, theirs = function(*inputs), reference(*inputs)
    upstream = torch.randn_like(ours)
    got = torch.autograd.grad(ours, inputs, upstream)
    want = torch.autograd.grad(theirs, inputs, upstream)
    for g, w in zip(got, want):
        assert torch.allclose(g, w)
    assert torch.autograd.gradcheck(function, inputs)
    print(torch.func.vjp(reference, *inputs)[0], ours.grad_fn, ours.grad_fn.next_functions)


check(Addition.apply, torch.add, (3,), (3,))
check(Product.apply, torch.mul, (2, 2), (2, 2))
check(Sum.apply, torch.sum, (2, 2))
check(Sigmoid.apply, torch.sigmoid, (5,))
check(DotProduct.apply, torch.dot, (4,), (4,))
check(MatrixVectorProduct.apply, torch.mv, (4, 3), (3,))


class Tests(unittest.TestCase):
    def test_sum(self):
        x = torch.ones(3, requires_grad=True)
        Sum.apply(x).backward()
        self.assertTrue((x.grad == 1).all())


def test_sigmoid():
    x = torch.zeros(1, requires_grad=True)
    Sigmoid.apply(x).backward()
    assert x.grad.item() == 0.25


unittest.main(exit=False)
test_sigmoid()
