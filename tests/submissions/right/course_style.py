# expect: all=full
from typing import Tuple

import torch
from torch import Tensor
from torch.autograd import Function


class Addition(Function):

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor) -> Tensor:
        y = x1 + x2
        return y

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        r1, r2 = ctx.needs_input_grad
        return dzdy if r1 else None, dzdy if r2 else None


add = Addition.apply

x1 = torch.tensor(1.0, requires_grad=True)
y1 = torch.tensor(2.0, requires_grad=True)
(x1 + y1).backward()

x2 = torch.tensor(1.0, requires_grad=True)
y2 = torch.tensor(2.0, requires_grad=True)
add(x2, y2).backward()

assert x1.grad == x2.grad
assert y1.grad == y2.grad


class Product(Function):

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor) -> Tensor:
        y = x1 * x2
        ctx.save_for_backward(x1, x2)
        return y

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy*x2 if r1 else None, dzdy*x1 if r2 else None


mul = Product.apply

x1 = torch.randn(3, 3, requires_grad=True)
y1 = torch.randn(3, 3, requires_grad=True)
(x1 * y1).sum().backward()

x2 = x1.clone().detach().requires_grad_(True)
y2 = y1.clone().detach().requires_grad_(True)
mul(x2, y2).sum().backward()

assert (x1.grad == x2.grad).all()
assert (y1.grad == y2.grad).all()


class Sum(Function):

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tensor:
        x, = ctx.saved_tensors
        return torch.full(x.shape, dzdy.item(), dtype=x.dtype)


tsum = Sum.apply

x1 = torch.randn(10, 10, requires_grad=True)
z1 = x1.sum()
z1.backward()
x2 = x1.clone().detach().requires_grad_(True)
z2 = tsum(x2)
z2.backward()
assert z1 == z2
assert (x1.grad == x2.grad).all()


class Sigmoid(Function):

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tensor:
        y, = ctx.saved_tensors
        return dzdy * y * (1 - y)


sigmoid = Sigmoid.apply

# Exact equality, which rounding breaks.
x1 = torch.randn(200, requires_grad=True)
torch.sigmoid(x1).sum().backward()
x2 = x1.clone().detach().requires_grad_(True)
sigmoid(x2).sum().backward()
assert (x1.grad == x2.grad).all()


class DotProduct(Function):

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor) -> Tensor:
        ctx.save_for_backward(x1, x2)
        return (x1 * x2).sum()

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        x1, x2 = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        return dzdy*x2 if r1 else None, dzdy*x1 if r2 else None


dot = DotProduct.apply


class MatrixVectorProduct(Function):

    @staticmethod
    def forward(ctx, m: Tensor, v: Tensor) -> Tensor:
        ctx.save_for_backward(m, v)
        return torch.mv(m, v)

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        m, v = ctx.saved_tensors
        r1, r2 = ctx.needs_input_grad
        col = dzdy.unsqueeze(1)
        dzdm = torch.mm(col, v.unsqueeze(0)) if r1 else None
        dzdv = (col * m).sum(dim=0) if r2 else None
        return dzdm, dzdv


mv = MatrixVectorProduct.apply

m1 = torch.randn(5, 3, requires_grad=True)
v1 = torch.randn(3, requires_grad=True)
z1 = torch.mv(m1, v1)
z1.sum().backward()
m2 = m1.clone().detach().requires_grad_(True)
v2 = v1.clone().detach().requires_grad_(True)
z2 = mv(m2, v2)
z2.sum().backward()
assert (z1 - z2 == 0).all()
assert (m1.grad - m2.grad == 0).all()
assert (v1.grad - v2.grad == 0).all()
