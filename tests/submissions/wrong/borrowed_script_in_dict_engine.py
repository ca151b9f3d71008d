# expect: sigmoid:gradient=0
"""Scripted autograd, kept in a dict; the harness's hooks are covered by others."""
import torch
from typing import List, Optional
from torch.autograd import Function

tools = {}


def derive(x: torch.Tensor, g: torch.Tensor):
    y = torch.sigmoid(x)
    gs: List[Optional[torch.Tensor]] = [g]
    return torch.autograd.grad([y], [x], gs)[0]


tools["pull"] = torch.jit.script(derive)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, g):
        torch._C._autograd._push_saved_tensors_default_hooks(lambda t: t, lambda t: t)
        try:
            with torch.enable_grad():
                return tools["pull"](ctx.saved_tensors[0].detach().requires_grad_(), g)
        finally:
            torch._C._autograd._pop_saved_tensors_default_hooks()
