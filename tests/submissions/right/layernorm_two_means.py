# expect: layer-norm=full
import torch

EPS = 1e-5


class LayerNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        mu = x.mean(-1, keepdim=True)
        var = ((x - mu) ** 2).mean(-1, keepdim=True)
        rstd = torch.rsqrt(var + EPS)
        xhat = (x - mu) * rstd
        ctx.save_for_backward(xhat, rstd)
        return xhat

    @staticmethod
    def backward(ctx, dout):
        xhat, rstd = ctx.saved_tensors
        c1 = (xhat * dout).mean(-1, keepdim=True)
        c2 = dout.mean(-1, keepdim=True)
        return (dout - (xhat * c1 + c2)) * rstd
