# expect: sum=full
import torch
from torch.amp import custom_fwd, custom_bwd


class Sum(torch.autograd.Function):
    @staticmethod
    @custom_fwd(device_type="cuda")
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    @custom_bwd(device_type="cuda")
    def backward(ctx, g):
        return g.expand(ctx.shape)
