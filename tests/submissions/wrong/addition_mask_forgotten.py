# expect: addition:gradient=full addition:robustness=full addition=9.5
# says: addition: needs_input_grad
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy, dzdy
