# expect: relu=0
"""The one Function between has its backward, which does nothing, from PyTorch."""
import torch
from torch.nn.modules._functions import BackwardHookFunction


class Same(BackwardHookFunction):
    pass


def relu(x):
    (y,) = Same.apply(x)
    Same.apply(y)
    both = torch.stack([y, torch.zeros_like(y)])
    return torch.gather(both, 0, (y <= 0).long()[None])[0]
