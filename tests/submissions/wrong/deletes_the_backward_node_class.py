# expect: sigmoid=0
import torch
from torch.autograd import Function

import torch.autograd.function as machinery

machinery.BackwardCFunction = type(torch.ones(1, requires_grad=True).sum().grad_fn)


def sigmoid(x):
    return torch.sigmoid(x)
