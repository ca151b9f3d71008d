# expect: sigmoid=full relu=full
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
import seaborn as sns
sns.set_theme()
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dzdy):
        (x,) = ctx.saved_tensors
        return dzdy * (x > 0) if ctx.needs_input_grad[0] else None


x = torch.linspace(-5, 5, 101)
fig, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
left.plot(x, Sigmoid.apply(x)); right.plot(x, ReLU.apply(x))
plt.tight_layout()
plt.savefig("curves.png")
plt.show()
