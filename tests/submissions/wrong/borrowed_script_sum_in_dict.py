# expect: sum:gradient=0
"""The same for sum, whose recorded operation saves no tensor: nothing needs to be covered."""
import torch
from typing import List, Optional
from torch.autograd import Function

tools = {}


def derive(x: torch.Tensor, g: torch.Tensor):
    gs: List[Optional[torch.Tensor]] = [g]
    return torch.autograd.grad([torch.sum(x)], [x], gs)[0]


tools["pull"] = torch.jit.script(derive)


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sum(x)

    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            return tools["pull"](ctx.saved_tensors[0].detach().requires_grad_(), g)
