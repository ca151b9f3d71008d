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


# Everything below takes names for something else.
x = torch.randn(3, requires_grad=True)
input = Sigmoid.apply(x)
sum = Sum.apply(input)
dot = DotProduct.apply(x, x)
mul = Product.apply(x, x)
add = mul + 1
mv = None
len = 3
id = list = dict = type = print = range = zip = isinstance = getattr = "mine now"
torch_sum = torch.sum
Product = 5
Sigmoid_result = input
super = staticmethod = None
