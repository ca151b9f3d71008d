# expect: sigmoid=0
# says: sigmoid: plain value
import torch
from torch.autograd import Function

sigmoid = torch.tensor([1.0, 2.0])
