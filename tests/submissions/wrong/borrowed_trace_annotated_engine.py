# expect: product:gradient=0
"""The same with an annotated assignment."""
from typing import Any
import torch
from torch.autograd import Function, Variable


def derive(a, b, g):
    a, b = a.detach().requires_grad_(), b.detach().requires_grad_()
    return Variable._execution_engine.run_backward((torch.mul(a, b),), (g,), False, False, (a, b), True, False)


pull: Any = torch.jit.trace(derive, (torch.rand(4), torch.rand(4), torch.rand(4)), check_trace=False)


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        a, b = pull(*ctx.saved_tensors, g)
        r = ctx.needs_input_grad
        return a if r[0] else None, b if r[1] else None
