# expect: sigmoid=0
# says: sigmoid: nn.Module
import torch
from torch.autograd import Function

Sigmoid = torch.nn.Sigmoid
