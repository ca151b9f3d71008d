# expect: sigmoid:robustness<full sigmoid:gradient=full sigmoid<full
# says: sigmoid: .reshape
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
        y, = ctx.saved_tensors
        return (dzdy.view(-1) * y.reshape(-1) * (1 - y).reshape(-1)).reshape(y.shape)
