# expect: sigmoid:gradient=0
"""Like c04, but without pushing hooks: the harness's own are popped for a moment."""
import torch
from torch.autograd import Function, Variable

run = Variable._execution_engine.run_backward
pop = torch._C._autograd._pop_saved_tensors_default_hooks
push = torch._C._autograd._push_saved_tensors_default_hooks


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        push(lambda t: t, lambda t: t)
        try:
            with torch.enable_grad():
                x = ctx.saved_tensors[0].detach().requires_grad_()
                y = torch.sigmoid(x)
            return next(map(run, [(y,)], [(g,)], [False], [False], [(x,)], [True], [False]))[0]
        finally:
            pop()
