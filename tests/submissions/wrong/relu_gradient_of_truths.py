# expect: relu<full relu:forward=full relu:gradient=0
# says: relu: `backward` returned it as bool, which is 0 or 1; `x` is float32
# diagnosis: relu: upstream gradient forgotten
import torch
from torch.autograd import Function


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x)

    @staticmethod
    def backward(ctx, dzdy):
        (x,) = ctx.saved_tensors
        return x > 0
