# expect: sigmoid:gradient=0
"""TorchScript's own symbolic derivative of a scripted function."""
import torch
from torch.autograd import Function


@torch.jit.script
def function(x):
    return torch.sigmoid(x)


def derived(x, g):
    graph = function.graph.copy()
    torch._C._jit_pass_inline(graph)
    gradient = torch._C._jit_differentiate(graph)
    forward = torch._C._create_function_from_graph("forward", gradient.f)
    backward = torch._C._create_function_from_graph("backward", gradient.df)
    captured = forward(x)
    captured = captured if isinstance(captured, tuple) else (captured,)
    return backward(g, *captured)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 1 / (1 + torch.exp(-x))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return derived(x.detach(), g.detach())
