# expect: product:gradient=0
import torch
from torch.autograd import Function, Variable

def derive(a, b, g):
    a, b = a.detach().requires_grad_(), b.detach().requires_grad_()
    engine = Variable._execution_engine
    return engine.run_backward((torch.mul(a, b),), (g,), False, False, (a, b), True, False)


traced = torch.jit.trace(derive, (torch.rand(4), torch.rand(4), torch.rand(4)), check_trace=False)

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        dzdx1, dzdx2 = traced(*ctx.saved_tensors, dzdy)
        r1, r2 = ctx.needs_input_grad
        return dzdx1 if r1 else None, dzdx2 if r2 else None
