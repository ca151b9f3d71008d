# expect: sum=full relu=full
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

x = torch.randn(3, requires_grad=True)
assert Sum.apply(x) == x.sum() + 1, "why does this fail??"

class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dzdy):
        (x,) = ctx.saved_tensors
        return dzdy * (x > 0) if ctx.needs_input_grad[0] else None

out = ReLU.apply(torch.tensor([1.0, -1.0]))
assert out.tolist() == [1, 1], f"expected something else, got {out}"
raise RuntimeError("stop here for now")
