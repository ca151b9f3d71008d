# expect: product:robustness<full product:gradient=full
"""A stack in place of ctx: right only where the last call goes backward first."""

import torch
from torch.autograd import Function

STACK = []
LAST = None


class Product(Function):
    @staticmethod
    def forward(ctx, a, b):
        if any(ctx.needs_input_grad):
            STACK.append((a, b))
        return a * b

    @staticmethod
    def backward(ctx, g):
        global LAST
        if STACK:
            LAST = STACK.pop()
        a, b = LAST
        return g * b if ctx.needs_input_grad[0] else None, g * a if ctx.needs_input_grad[1] else None
