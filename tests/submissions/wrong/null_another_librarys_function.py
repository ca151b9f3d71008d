# expect: sigmoid=0 sum=0
# says: sum: comes from elsewhere
import torch
from torch.autograd import Function

from torch.utils.checkpoint import CheckpointFunction, checkpoint

Sum = CheckpointFunction


def sigmoid(x):
    return checkpoint(torch.sigmoid, x, use_reentrant=True)
