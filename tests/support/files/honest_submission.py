import torch
from torch.autograd import Function


class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.needs_input_grad
        return g if a else None, g if b else None


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        a, b = ctx.needs_input_grad
        return g * x2 if a else None, g * x1 if b else None


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, g):
        return g.expand(ctx.shape)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)


class DotProduct(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return torch.dot(x1, x2)

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        a, b = ctx.needs_input_grad
        return g * x2 if a else None, g * x1 if b else None


class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return torch.mv(A, x)

    @staticmethod
    def backward(ctx, g):
        A, x = ctx.saved_tensors
        a, b = ctx.needs_input_grad
        return torch.outer(g, x) if a else None, A.t() @ g if b else None
