# expect: product=full addition=full
import torch


class Multiply(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        ctx.p, ctx.q = p, q
        return torch.mul(input=p, other=q)

    @staticmethod
    def backward(ctx, up):
        match ctx.needs_input_grad:
            case (True, True):
                return up * ctx.q, up * ctx.p
            case (True, False):
                return up * ctx.q, None
            case (False, True):
                return None, up * ctx.p
        return None, None


class Plus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, p, q):
        return torch.add(p, q, alpha=1)

    @staticmethod
    def backward(ctx, up):
        first = second = None
        try:
            if ctx.needs_input_grad[0]:
                first = up
        finally:
            if ctx.needs_input_grad[1]:
                second = up
        return first, second
