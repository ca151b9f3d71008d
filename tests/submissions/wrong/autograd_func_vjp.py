# expect: sigmoid:gradient=0 product:gradient=0 sum:gradient=0
# says: product: torch.func
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        return torch.func.vjp(torch.sigmoid, *ctx.saved_tensors)[1](dzdy)[0]

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        _, pull = torch.func.vjp(torch.mul, *ctx.saved_tensors)
        return pull(dzdy)

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return dzdy * torch.func.jacrev(torch.sum)(x)
