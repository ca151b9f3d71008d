# expect: addition=full product=full composition=full
import torch
import types

F = torch.autograd.Function
ops = types.SimpleNamespace()


class _Plus(F):
    @staticmethod
    def forward(ctx, *terms):
        a, b = terms
        return torch.stack((a, b)).sum(0)

    @staticmethod
    def backward(ctx, g):
        return [g if need else None for need in ctx.needs_input_grad].__iter__().__next__(), (
            g if ctx.needs_input_grad[1] else None)


class _Times(F):
    @staticmethod
    def forward(ctx, *factors):
        ctx.save_for_backward(*factors)
        a, b = factors
        return a.mul(b)

    @staticmethod
    def backward(ctx, g):
        other = ctx.saved_tensors[::-1]
        return tuple(g.mul(o) if n else None for o, n in zip(other, ctx.needs_input_grad))


ops.plus, ops.times = _Plus.apply, _Times.apply


def add(u, v):
    return ops.plus(u, v)


def mul(u, v):
    return ops.times(u, v)
