# expect: sigmoid:contract<full sigmoid:gradient=full
# says: sigmoid: @staticmethod
import torch
from torch.autograd import Function

class Sigmoid(Function):
    def forward(self, x):
        y = torch.sigmoid(x)
        self.save_for_backward(y)
        return y

    def backward(self, dzdy):
        y, = self.saved_tensors
        return dzdy * y * (1 - y)
