# expect: sigmoid<full sigmoid:gradient=0 sigmoid:forward=full
# says: sigmoid: Both `forward` and `backward` have to be written
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        return torch.sigmoid(x)
