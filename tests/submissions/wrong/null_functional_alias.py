# expect: sigmoid=0 product=0
# says: sigmoid: not written in your file
import torch
from torch.autograd import Function

import operator
from torch.nn.functional import sigmoid
mul = operator.mul
