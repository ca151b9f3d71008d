# expect: product=full sigmoid=full dot-product=full matrix-vector-product=full
import torch
from torch.autograd import Function


def masked(ctx, *gradients):
    """Only what is needed is worked out."""
    return tuple(g() if n else None for g, n in zip(gradients, ctx.needs_input_grad))


def sigma(x):
    return 1.0 / (1.0 + torch.exp(-x))


def sigma_prime_from_output(y):
    return y * (1 - y)


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        a, b = ctx.saved_tensors
        return masked(ctx, lambda: upstream * b, lambda: upstream * a)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = sigma(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        return upstream * sigma_prime_from_output(*ctx.saved_tensors)


class Dot(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return torch.einsum("i,i->", a, b)

    backward = Product.backward


class MV(Function):
    @staticmethod
    def forward(ctx, A, x):
        ctx.save_for_backward(A, x)
        return torch.einsum("ij,j->i", A, x)

    @staticmethod
    def backward(ctx, g):
        A, x = ctx.saved_tensors
        return masked(
            ctx,
            lambda: torch.einsum("i,j->ij", g, x),
            lambda: torch.einsum("ij,i->j", A, g),
        )
