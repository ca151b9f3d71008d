# expect: product=full sigmoid=full
import torch
from torch.autograd import Function
import pdb

DEBUG = True


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        print("FORWARD", x1.shape, x2.shape, x1.requires_grad)
        ctx.save_for_backward(x1, x2)
        # pdb.set_trace()
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        print("BACKWARD called!!!", dzdy)
        x1, x2 = ctx.saved_tensors
        print(f"{x1 = }, {x2 = }, needs {ctx.needs_input_grad}")
        grad1 = grad2 = None
        if ctx.needs_input_grad[0]:
            grad1 = dzdy * x2
        if ctx.needs_input_grad[1]:
            grad2 = dzdy * x1
        print("returning", grad1, grad2)
        return grad1, grad2


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        result = torch.sigmoid(x)
        ctx.result = result.detach().clone()
        assert not torch.isnan(result).any(), "nan!"
        return result

    @staticmethod
    def backward(ctx, grad_output):
        if DEBUG:
            print("max", grad_output.abs().max() if grad_output.numel() else 0)
        return grad_output * ctx.result * (1.0 - ctx.result)
