# expect: dot-product=full
import torch


class InnerProduct(torch.autograd.Function):
    @staticmethod
    def forward(ctx, u, v):
        ctx.save_for_backward(u, v)
        return (u.view(1, -1) @ v.view(-1, 1)).view(()) if u.is_contiguous() and v.is_contiguous() \
            else torch.inner(u, v)

    @staticmethod
    def backward(ctx, g):
        u, v = ctx.saved_tensors
        return (v * g if ctx.needs_input_grad[0] else None,
                u * g if ctx.needs_input_grad[1] else None)
