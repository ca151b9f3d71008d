# expect: sigmoid:gradient=0
from typing import List, Optional

import torch
from torch.autograd import Function

@torch.jit.script
def pull(x: torch.Tensor, g: torch.Tensor):
    y = torch.sigmoid(x)
    gs: List[Optional[torch.Tensor]] = [g]
    return torch.autograd.grad([y], [x], gs)[0]

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        with torch.enable_grad():
            return pull(x.detach().requires_grad_(), dzdy)
