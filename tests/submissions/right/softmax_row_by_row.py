# expect: softmax=full
import torch
from torch.autograd import Function


def one_row(r):
    e = torch.exp(r - r.max())
    return e / e.sum()


class RowSoftmax(Function):
    @staticmethod
    def forward(ctx, x):
        n = x.shape[-1]
        rows = [one_row(r) for r in x.reshape(-1, n)]
        ctx.rows = rows
        out = torch.stack(rows) if rows else x.new_empty((0, n))
        return out.view_as(x) if x.is_contiguous() else out.reshape(x.shape)

    @staticmethod
    def backward(ctx, dy):
        n = dy.shape[-1]
        parts = []
        for y, d in zip(ctx.rows, dy.reshape(-1, n)):
            parts.append(y * d - y * torch.dot(y, d))
        return (torch.stack(parts) if parts else dy.new_empty((0, n))).reshape(dy.shape)
