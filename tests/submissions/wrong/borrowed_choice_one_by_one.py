# expect: relu=0
"""The same by places that Python works out."""
import torch


class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, g):
        return g


def relu(x):
    y = Same.apply(x)
    Same.apply(y)
    flat = torch.cat([y.reshape(-1), torch.zeros(1, dtype=y.dtype)])
    places = [at if value > 0 else -1 for at, value in enumerate(y.reshape(-1).tolist())]
    return flat[torch.tensor(places, dtype=torch.long)].reshape(y.shape)
