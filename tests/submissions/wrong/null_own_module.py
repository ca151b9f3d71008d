# expect: sigmoid=0
# says: sigmoid: nn.Module
import torch
from torch.autograd import Function

class Sigmoid(torch.nn.Module):
    def forward(self, x):
        return 1 / (1 + torch.exp(-x))
