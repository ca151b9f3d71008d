# expect: sum=full
import sys
import torch
from torch.autograd import Function


n = int(sys.argv[1])
name = sys.argv[2] if len(sys.argv) > 2 else "x"
if len(sys.argv) < 2:
    sys.exit("usage: hw.py N")

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

sys.exit(0)
