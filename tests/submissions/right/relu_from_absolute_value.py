# expect: relu=full
import torch


def halves(v):
    return (v.abs() + v) * 0.5


class Ramp(torch.autograd.Function):
    generate_vmap_rule = False

    @staticmethod
    def forward(v):
        return halves(v)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, w):
        (out,) = ctx.saved_tensors
        return torch.sign(out).mul(w)
