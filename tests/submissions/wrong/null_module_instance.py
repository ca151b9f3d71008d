# expect: sigmoid=0
import torch
from torch.autograd import Function

sigmoid = torch.nn.Sigmoid()
