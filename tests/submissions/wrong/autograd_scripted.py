# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

@torch.jit.script
def pull(x: torch.Tensor, g: torch.Tensor) -> torch.Tensor:
    with torch.enable_grad():
        t = x.detach().requires_grad_()
        y = torch.sigmoid(t)
    r = torch.autograd.grad([y], [t], [g])[0]
    if r is None:
        return g
    return r

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return pull(x, dzdy)
