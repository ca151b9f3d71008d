# expect: relu=0
"""Elements are chosen by their signs, and a call that nobody uses takes those that are dropped."""
import torch


class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def relu(x):
    y = Same.apply(x)
    Same.apply(y)
    both = torch.stack([y, torch.zeros_like(y)])
    return torch.gather(both, 0, (y <= 0).long()[None])[0]
