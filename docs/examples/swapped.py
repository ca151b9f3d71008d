"""Like right.py, but the two gradients of the product are swapped."""

import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        needs_x1, needs_x2 = ctx.needs_input_grad
        return dzdy if needs_x1 else None, dzdy if needs_x2 else None


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        needs_x1, needs_x2 = ctx.needs_input_grad
        return dzdy * x1 if needs_x1 else None, dzdy * x2 if needs_x2 else None


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
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
        needs_x1, needs_x2 = ctx.needs_input_grad
        return dzdy * x2 if needs_x1 else None, dzdy * x1 if needs_x2 else None


class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return torch.mv(A, x)

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        needs_A, needs_x = ctx.needs_input_grad
        return torch.outer(dzdy, x) if needs_A else None, A.T @ dzdy if needs_x else None
