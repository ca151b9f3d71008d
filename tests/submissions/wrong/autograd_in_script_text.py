# expect: sigmoid:gradient=0
import torch
from torch.autograd import Function

_unit = torch.jit.CompilationUnit("""
def pull(x: Tensor, g: Tensor):
    y = torch.sigmoid(x)
    gs: List[Optional[Tensor]] = [g]
    return torch.autograd.grad([y], [x], gs)[0]
""")

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        x, = ctx.saved_tensors
        with torch.enable_grad():
            return _unit.pull(x.detach().requires_grad_(), dzdy)
