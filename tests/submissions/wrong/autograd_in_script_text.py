# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

_unit = torch.jit.CompilationUnit("""
def pull(x: Tensor, g: Tensor) -> Tensor:
    with torch.enable_grad():
        t = x.detach().requires_grad_()
        y = torch.sigmoid(t)
    r = torch.autograd.grad([y], [t], [g])[0]
    assert r is not None
    return r
""")

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        return _unit.pull(x, dzdy)
