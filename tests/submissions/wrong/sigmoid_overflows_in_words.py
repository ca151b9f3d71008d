# expect: sigmoid<full sigmoid:forward=full sigmoid:gradient=full sigmoid:robustness<full
# says: sigmoid: There `x` reaches 100: is something on the way more than float32 can hold?
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.exp(x) / (1 + torch.exp(x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y)
