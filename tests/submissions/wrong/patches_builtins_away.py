# expect: sum=0
import torch
from torch.autograd import Function

import builtins

for name in ("len", "isinstance", "zip", "range", "type", "getattr", "list", "dict", "str"):
    setattr(builtins, name, None)


def tsum(x):
    return torch.sum(x)
