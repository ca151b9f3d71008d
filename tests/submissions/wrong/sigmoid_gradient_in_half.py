# expect: sigmoid<full sigmoid:forward=full sigmoid:gradient<2
# says: sigmoid: `backward` returned it as float16, which rounds to three digits; `x` is float32
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return (dzdy * y * (1 - y)).half()
