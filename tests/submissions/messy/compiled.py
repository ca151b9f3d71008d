# expect: sigmoid=full sum=full addition=full
import torch
from torch.autograd import Function


@torch.compile
def stable(x):
    return 1 / (1 + torch.exp(-x))


@torch.compile(fullgraph=True, mode="reduce-overhead")
def slope(y):
    return y * (1 - y)


class SigmoidFunction(Function):
    @staticmethod
    def forward(ctx, x):
        y = stable(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    @torch.compiler.disable
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * slope(y) if ctx.needs_input_grad[0] else None


sigmoid = torch.compile(SigmoidFunction.apply)

class SumImpl(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

my_sum = torch.compile(lambda x: SumImpl.apply(x), backend="inductor")

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        return tuple(dzdy if needed else None for needed in ctx.needs_input_grad)
