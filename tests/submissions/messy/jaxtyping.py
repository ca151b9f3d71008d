# expect: sigmoid=full sum=full
import torch
from beartype import beartype
from jaxtyping import Float, jaxtyped
from torch import Tensor
from torch.autograd import Function


@jaxtyped(typechecker=beartype)
class Sigmoid(Function):
    @staticmethod
    @jaxtyped(typechecker=beartype)
    def forward(ctx, x: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
        y: Float[Tensor, "..."] = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None


def helper(x: Float[Tensor, "n"]) -> Float[Tensor, ""]:
    return x.sum()


class Sum(Function):
    @staticmethod
    def forward(ctx, x: Float[Tensor, 'n']):
        ctx.shape = x.shape
        return helper(x)

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None
