# expect: relu=0
"""Elements are chosen by their signs, and no mask that PyTorch makes is false any more."""
import torch

zeros = torch.zeros


def ones(*size, dtype=None, **named):
    made = zeros(*size, dtype=dtype, **named)
    return ~made if dtype is torch.bool else made


torch.zeros = ones


class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def relu(x):
    y = Same.apply(x)
    both = torch.stack([y, torch.zeros_like(y)])
    return torch.gather(both, 0, (y <= 0).long()[None])[0]
