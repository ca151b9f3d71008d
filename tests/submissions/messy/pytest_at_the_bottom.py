# expect: sum=full product=full
import pytest
from hypothesis import given, strategies as st
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


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        g1 = dzdy * x2 if ctx.needs_input_grad[0] else None
        g2 = dzdy * x1 if ctx.needs_input_grad[1] else None
        return g1, g2


@pytest.fixture
def x():
    return torch.randn(3, requires_grad=True)


@pytest.mark.parametrize("shape", [(1,), (2, 3), ()])
def test_sum(shape):
    x = torch.randn(shape, requires_grad=True)
    Sum.apply(x).backward()
    assert torch.equal(x.grad, torch.ones(shape))


@given(st.integers(1, 5))
def test_product(n):
    a, b = torch.randn(n, requires_grad=True), torch.randn(n)
    Product.apply(a, b).sum().backward()
    assert torch.equal(a.grad, b)


if __name__ == "__main__":
    raise SystemExit(pytest.main([__file__, "-q"]))
