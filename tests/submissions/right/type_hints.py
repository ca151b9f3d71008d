# expect: all=full
from __future__ import annotations

import dataclasses
import enum
import logging
import typing
import warnings
from collections import namedtuple
from typing import Any, NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import FunctionCtx

Grad = Optional[Tensor]
Pair = Tuple[Grad, Grad]
T = typing.TypeVar("T", bound=Tensor)
Point = namedtuple("Point", "x y")


class Size(NamedTuple):
    rows: int
    columns: int


class Mode(enum.Enum):
    PLAIN = 1


@dataclasses.dataclass(frozen=True)
class Config:
    mode: Mode = Mode.PLAIN
    size: Size | None = None


class Named(typing.Protocol):
    name: str


class Box(typing.Generic[T]):
    value: T


logging.basicConfig(level=logging.INFO)
logging.getLogger(__name__).info("loading %s", Config())
warnings.warn("this is only a warning", stacklevel=1)


class Addition(Function):
    @staticmethod
    def forward(ctx: Any, x1: Tensor, x2: Tensor) -> Tensor:
        return x1 + x2

    @staticmethod
    def backward(ctx: Any, dzdy: Tensor) -> Pair:
        return dzdy if ctx.needs_input_grad[0] else None, dzdy if ctx.needs_input_grad[1] else None


class Product(Function):
    @staticmethod
    def forward(ctx: FunctionCtx, x1: Tensor, x2: Tensor) -> Tensor:
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx: Any, dzdy: Tensor) -> Pair:
        x1, x2 = typing.cast("tuple[Tensor, Tensor]", ctx.saved_tensors)
        dx1: Grad = dzdy * x2 if ctx.needs_input_grad[0] else None
        dx2: Grad = dzdy * x1 if ctx.needs_input_grad[1] else None
        return dx1, dx2


class Sum(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.size = x.size()
        return torch.sum(x)

    @staticmethod
    def backward(ctx: Any, dzdy: Tensor) -> Tensor:
        return dzdy * torch.ones(ctx.size, dtype=dzdy.dtype)


class Sigmoid(Function):
    @staticmethod
    def forward(ctx: Any, x: Union[Tensor, torch.nn.Parameter]) -> Tensor:
        y: Tensor = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        return grad_outputs[0] * y * (1.0 - y)


class DotProduct(Function):
    @staticmethod
    def forward(ctx: Any, x1: Tensor, x2: Tensor) -> Tensor:
        assert x1.dim() == x2.dim() == 1, "vectors only"
        ctx.save_for_backward(x1, x2)
        return torch.dot(x1, x2)

    @staticmethod
    def backward(ctx: Any, dzdy: Tensor) -> Pair:
        x1, x2 = ctx.saved_tensors
        return (dzdy * x2) if ctx.needs_input_grad[0] else None, (
            dzdy * x1
        ) if ctx.needs_input_grad[1] else None


class MatrixVectorProduct(Function):
    @staticmethod
    def forward(ctx: Any, A: Tensor, x: Tensor) -> Tensor:
        ctx.save_for_backward(A, x)
        return torch.mv(A, x)

    @staticmethod
    def backward(ctx: Any, dzdy: Tensor) -> Pair:
        A, x = ctx.saved_tensors
        dA = dx = None
        if ctx.needs_input_grad[0]:
            dA = torch.outer(dzdy, x)
        if ctx.needs_input_grad[1]:
            dx = dzdy @ A
        return dA, dx
