# expect: sigmoid:gradient=0 matrix-vector-product:gradient=0
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            ctx.t = x.detach().requires_grad_()
            ctx.y = torch.sigmoid(ctx.t)
        return ctx.y.detach()

    @staticmethod
    def backward(ctx, dzdy):
        ctx.y.backward(dzdy, retain_graph=True)
        return ctx.t.grad

class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx, A, x):
        with torch.enable_grad():
            ctx.i = [t.detach().requires_grad_() for t in (A, x)]
            ctx.y = torch.mv(*ctx.i)
        return ctx.y.detach()

    @staticmethod
    def backward(ctx, dzdy):
        return torch.autograd.grad(ctx.y, ctx.i, dzdy, retain_graph=True)
