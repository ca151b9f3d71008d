# expect: layer-norm=full
import torch
import torch.nn.functional as F


class LN(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return F.layer_norm(x, (x.shape[-1],), eps=1e-5)

    @staticmethod
    def setup_context(ctx, inputs, output):
        (x,) = inputs
        ctx.save_for_backward(x, output)

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        n = x.shape[-1]
        sigma = torch.sqrt(x.var(dim=-1, unbiased=False, keepdim=True) + 1e-5)
        flat = g - g.sum(dim=-1, keepdim=True).div(n)
        return flat.sub(y * torch.einsum("...i,...i->...", g, y).unsqueeze(-1) / n).div(sigma)
