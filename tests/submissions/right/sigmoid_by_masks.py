# expect: sigmoid=full
import torch
from torch.autograd import Function


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, data):
        negative = data < 0
        positive = ~negative
        z = torch.empty_like(data)
        z[negative] = data[negative].exp()
        z[positive] = (-data[positive]).exp()
        top = torch.ones_like(data)
        top[negative] = z[negative]
        result = top / (1 + z)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        result, = ctx.saved_tensors
        return grad_output * (result * (1 - result))
