# expect: sigmoid=full relu=full softmax=full logsumexp=full
"""Elements are put into places, padded and cut out again around a Function of the file's own."""
import torch
import torch.nn.functional as F


class Slope(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y * (1 - y)


class Bend(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x > 0)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0]


class Shares(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        e = torch.exp(x - x.amax(-1, keepdim=True))
        y = e / e.sum(-1, keepdim=True)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return y * (g - (g * y).sum(-1, keepdim=True))


class LogOfSum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        top = x.amax(-1, keepdim=True)
        y = top + torch.log(torch.exp(x - top).sum(-1, keepdim=True))
        ctx.save_for_backward(x, y)
        return y.squeeze(-1)

    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g.unsqueeze(-1) * torch.exp(x - y)


def sigmoid(x):
    """A mask and its opposite: nothing is left out."""
    y, below = torch.empty_like(x), x < 0
    y[below] = Slope.apply(x[below])
    y[~below] = Slope.apply(x[~below])
    return y


def relu(x):
    flat = F.pad(x.reshape(-1), (1, 2))
    return Bend.apply(flat)[1:-2].reshape(x.shape)


def softmax(x):
    y = Shares.apply(x)
    places = torch.arange(y.shape[-1]).expand(y.shape)
    return torch.zeros_like(y).scatter(-1, places, y)


def logsumexp(x):
    y = LogOfSum.apply(x).reshape(-1)
    places = torch.arange(y.numel())
    return torch.zeros_like(y).index_copy(0, places, y).reshape(x.shape[:-1])
