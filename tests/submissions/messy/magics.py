# expect: sigmoid=full sum=full
%matplotlib inline
%load_ext autoreload
%autoreload 2
!pip install numpy \
    torch
!ls -la
import torch
from torch.autograd import Function

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None

%timeit Sigmoid.apply(torch.ones(3))
torch.sum?
?torch.sum
torch.sum??
out = !ls
took = %timeit -o torch.ones(1)
if True:
    %time torch.ones(2)

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

message = ("%d of %d"
           % (1, 2))
assert message == "1 of 2"
