# expect: sigmoid=full sum=full
import torch
from torch.autograd import Function

device = torch.device("cuda")
x = torch.ones(3, device=device)
model = torch.nn.Linear(2, 2).cuda()

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

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

print(Sum.apply(x.to(device)))
