# expect: linear=full matrix-vector-product=full
"""Products and sums are Functions; the rows and columns meet by `expand`, which only moves."""
from torch.autograd import Function


class Times(Function):
    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        first, second = ctx.needs_input_grad
        return g * b if first else None, g * a if second else None


class Rows(Function):
    @staticmethod
    def forward(ctx, a):
        ctx.shape = a.shape
        return a.sum(-1)

    @staticmethod
    def backward(ctx, g):
        return g.unsqueeze(-1).expand(ctx.shape)


class Plus(Function):
    @staticmethod
    def forward(ctx, a, b):
        return a + b

    @staticmethod
    def backward(ctx, g):
        first, second = ctx.needs_input_grad
        return g if first else None, g if second else None


def mv(A, x):
    return Rows.apply(Times.apply(A, x.expand(A.shape)))


def linear(X, W, b):
    shape = (X.shape[0], *W.shape)
    product = Rows.apply(Times.apply(X.unsqueeze(1).expand(shape), W.expand(shape)))
    return Plus.apply(product, b.expand(product.shape))
