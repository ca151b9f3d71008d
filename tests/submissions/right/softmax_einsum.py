# expect: softmax=full
import torch
from torch import einsum


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z):
        s = torch.nn.functional.softmax(z, dim=z.dim() - 1)
        ctx.save_for_backward(s)
        return s

    @staticmethod
    def backward(ctx, gs):
        s, = ctx.saved_tensors
        gz = gs * s
        gz = gz - einsum("...i,...->...i", s, einsum("...i,...i->...", s, gs))
        return gz
