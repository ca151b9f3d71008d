# expect: all=full
import torch
import matplotlib.pyplot as plt
import pandas as pd
from turtle import forward
from torch.autograd import Function
import seaborn

plt.figure()
get_ipython().run_line_magic("matplotlib", "inline")

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

plt.plot([1, 2, 3])
plt.show()
name = input("What is your name? ")
open("results.txt", "w").write("42")
torch.save({}, "model.pt")
1 / 0
undefined_name
breakpoint()
