# expect: all=0
# says: sigmoid: line 6
import torch
from torch.autograd import Function

class Sigmoid(Function:
    pass
