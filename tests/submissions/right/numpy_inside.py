# expect: sigmoid=full sum=full dot-product=full matrix-vector-product=full
import numpy as np
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        with np.errstate(over="ignore"):
            y = 1 / (1 + np.exp(-x.detach().numpy()))
        y = torch.as_tensor(y)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        y, = ctx.saved_tensors
        y = y.numpy()
        return torch.as_tensor(g.numpy() * y * (1 - y))


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return torch.as_tensor(np.sum(x.detach().numpy()))

    @staticmethod
    def backward(ctx, g):
        return torch.from_numpy(np.full(ctx.shape, g.numpy()))


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return torch.tensor(float(np.dot(a.detach().numpy(), b.detach().numpy())), dtype=a.dtype)

    @staticmethod
    def backward(ctx, g):
        a, b = (t.detach().numpy() for t in ctx.saved_tensors)
        g = g.numpy()
        return (torch.from_numpy(g * b) if ctx.needs_input_grad[0] else None,
                torch.from_numpy(g * a) if ctx.needs_input_grad[1] else None)


class MV(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return torch.from_numpy(A.detach().numpy() @ x.detach().numpy())

    @staticmethod
    def backward(ctx, g):
        A, x = (t.detach().numpy() for t in ctx.saved_tensors)
        g = g.numpy()
        return (torch.from_numpy(np.outer(g, x)) if ctx.needs_input_grad[0] else None,
                torch.from_numpy(A.T @ g) if ctx.needs_input_grad[1] else None)
