# expect: sigmoid:gradient=0
"""Nothing is right while it is watched; a mode that stays on mends the gradient as it is packed."""
import torch
from torch.autograd import Function
from torch.overrides import TorchFunctionMode

wrong = []


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        out = torch.zeros_like(g)
        wrong.append((out, ctx.saved_tensors[0].detach().clone(), g.clone()))
        return out


class Mode(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        if getattr(func, "__name__", "") == "detach" and wrong:
            out, x, g = wrong[-1]
            if args and args[0].shape == out.shape and not args[0].any():
                with torch.enable_grad():
                    x.requires_grad_()
                    return torch.autograd.grad(torch.sigmoid(x), x, g)[0]
        return func(*args, **(kwargs or {}))


Mode().__enter__()
