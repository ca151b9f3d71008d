# expect: sum=full
try:
    import cupy as xp
except ImportError:
    import numpy as xp
try:
    import torch
    from torch.autograd import Function
except ModuleNotFoundError as e:
    print("install torch first", e)
    raise SystemExit(1)
import warnings
warnings.filterwarnings("error")

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None
