# expect: sigmoid=full layer-norm=full
import torch
from torch.autograd import Function


device = torch.device("cuda:0" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
print("using", device)
if torch.cuda.is_available():
    torch.set_default_device(device)

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None


class LayerNorm(Function):
    @staticmethod
    def forward(ctx, x, eps=1e-5):
        mu = x.mean(-1, keepdim=True)
        var = x.var(-1, keepdim=True, unbiased=False)
        inv = 1.0 / torch.sqrt(var + eps)
        xhat = (x - mu) * inv
        ctx.save_for_backward(xhat, inv)
        return xhat

    @staticmethod
    def backward(ctx, g):
        xhat, inv = ctx.saved_tensors
        m1 = g.mean(-1, keepdim=True)
        m2 = (g * xhat).mean(-1, keepdim=True)
        return inv * (g - m1 - xhat * m2), None
