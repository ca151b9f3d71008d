# expect: sigmoid=full sum=full
from __future__ import annotations
from dataclasses import dataclass
from typing import NamedTuple, Protocol
import torch
from torch.autograd import Function


@dataclass
class Config:
    size: int = 3


class Shapes(NamedTuple):
    a: int


class Op(Protocol):
    def __call__(self, x: Tensor) -> Tensor: ...

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

class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None
