# expect: softmax:gradient=0 layer-norm:gradient=0
import torch
from torch.autograd import Function


def borrowed(f):
    class Borrowed(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return f(x)

        @staticmethod
        def backward(ctx, g):
            x = ctx.saved_tensors[0].detach().requires_grad_()
            with torch.enable_grad():
                y = f(x)
            return torch.autograd.grad(y, x, g)[0]

    return Borrowed


Softmax = borrowed(lambda x: torch.softmax(x, -1))
LayerNorm = borrowed(lambda x: torch.nn.functional.layer_norm(x, x.shape[-1:]))
