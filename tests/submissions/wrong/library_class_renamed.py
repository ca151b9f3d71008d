# expect: sigmoid=0
import torch
from torch.autograd import Function

from torch.utils.checkpoint import CheckpointFunction, checkpoint

CheckpointFunction.__module__ = __name__
Sigmoid = CheckpointFunction
