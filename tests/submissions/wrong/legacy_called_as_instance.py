# expect: sigmoid=0
# says: sigmoid: old style
import torch
from torch.autograd import Function

class _Old(Function):
    def forward(self, x):
        y = torch.sigmoid(x)
        self.save_for_backward(y)
        return y

    def backward(self, dzdy):
        y, = self.saved_tensors
        return dzdy * y * (1 - y)


def sigmoid(x):
    return _Old()(x)
