# expect: relu=full softmax=full linear=full logsumexp=full layer-norm=full
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

Ctx = Any


class ReLU(Function):
    @staticmethod
    def forward(ctx: Ctx, x: Tensor) -> Tensor:
        y = torch.relu(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Ctx, dzdy: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        return torch.where(y > 0, dzdy, torch.zeros_like(dzdy))


class Softmax(Function):
    @staticmethod
    def forward(ctx: Ctx, x: Tensor) -> Tensor:
        y = torch.softmax(x, -1)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Ctx, dzdy: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        return y * (dzdy - torch.sum(y * dzdy, dim=-1, keepdim=True))


class Linear(Function):
    @staticmethod
    def forward(ctx: Ctx, X: Tensor, W: Tensor, b: Tensor) -> Tensor:
        ctx.save_for_backward(X, W)
        return torch.nn.functional.linear(X, W, b)

    @staticmethod
    def backward(ctx: Ctx, dzdy: Tensor) -> tuple:
        X, W = ctx.saved_tensors
        x, w, b = ctx.needs_input_grad
        return (
            torch.matmul(dzdy, W) if x else None,
            torch.matmul(dzdy.transpose(0, 1), X) if w else None,
            torch.sum(dzdy, 0) if b else None,
        )


class LogSumExp(Function):
    @staticmethod
    def forward(ctx: Ctx, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return torch.logsumexp(x, dim=-1)

    @staticmethod
    def backward(ctx: Ctx, dzdy: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return dzdy.unsqueeze(-1) * torch.softmax(x, -1)


class LayerNorm(Function):
    @staticmethod
    def forward(ctx: Ctx, x: Tensor) -> Tensor:
        root = torch.sqrt(torch.var(x, -1, correction=0, keepdim=True) + 1e-5)
        y = (x - torch.mean(x, -1, keepdim=True)) / root
        ctx.save_for_backward(y, root)
        return y

    @staticmethod
    def backward(ctx: Ctx, dzdy: Tensor) -> Tensor:
        y, root = ctx.saved_tensors
        through_mean = dzdy.mean(-1, keepdim=True)
        through_variance = y * (dzdy * y).mean(-1, keepdim=True)
        return (dzdy - through_mean - through_variance) / root
