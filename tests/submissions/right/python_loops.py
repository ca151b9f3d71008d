# expect: sum=full dot-product=full matrix-vector-product=full
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        total = torch.zeros((), dtype=x.dtype)
        for element in x.reshape(-1):
            total = total + element
        return total

    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        out = torch.empty_like(x)
        out[...] = g
        return out


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        total = a.new_zeros(())
        for i in range(len(a)):
            total += a[i] * b[i]
        return total

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        ga = gb = None
        if ctx.needs_input_grad[0]:
            ga = torch.zeros_like(a)
            for i in range(len(a)):
                ga[i] = g * b[i]
        if ctx.needs_input_grad[1]:
            gb = torch.zeros_like(b)
            for i in range(len(b)):
                gb[i] = g * a[i]
        return ga, gb


class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        m, n = A.shape
        y = torch.zeros(m, dtype=A.dtype)
        for i in range(m):
            for j in range(n):
                y[i] += A[i, j] * x[j]
        return y

    @staticmethod
    def backward(ctx, g):
        A, x = ctx.saved_tensors
        m, n = A.shape
        dA = torch.zeros_like(A) if ctx.needs_input_grad[0] else None
        dx = torch.zeros_like(x) if ctx.needs_input_grad[1] else None
        for i in range(m):
            for j in range(n):
                if dA is not None:
                    dA[i, j] = g[i] * x[j]
                if dx is not None:
                    dx[j] += g[i] * A[i, j]
        return dA, dx
