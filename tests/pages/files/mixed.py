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
        return dzdy * x1, dzdy * x2


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.n = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.n)


class Sigmod(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y)


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a.dot(b) + 1

    @staticmethod
    def backward(ctx, dzdy):
        a, b = ctx.saved_tensors
        return dzdy * b, dzdy * a


class MV(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return A @ x

    @staticmethod
    def backward(ctx, dzdy):
        A, x = ctx.saved_tensors
        return torch.outer(x, dzdy), A.T @ dzdy


assert 1 + 1 == 3, "maths"
print("done")
