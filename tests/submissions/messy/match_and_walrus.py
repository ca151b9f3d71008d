# expect: sum=full sigmoid=full
import torch
from functools import partial, reduce, lru_cache
from itertools import count
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        match x.dim():
            case 0:
                ctx.shape = ()
            case _:
                ctx.shape = tuple(x.shape)
        return reduce(torch.add, x.flatten(), x.new_zeros(()))

    @staticmethod
    def backward(ctx, g):
        return g * torch.ones(ctx.shape, dtype=g.dtype, device=g.device)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(y := torch.where(x >= 0, 1 / (1 + torch.exp(-x.abs())), torch.exp(-x.abs()) / (1 + torch.exp(-x.abs()))))
        return y

    @staticmethod
    def backward(ctx, g):
        if (saved := ctx.saved_tensors) and len(saved) == 1:
            return g * saved[0] * (1 - saved[0])
