# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

slope, _ = torch._C._get_operation_overload("aten::sigmoid_backward", "")[:2]


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        return slope(g, ctx.saved_tensors[0])
