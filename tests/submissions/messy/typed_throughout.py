# expect: sigmoid=full product=full
from __future__ import annotations

from typing import Any, Optional, Tuple, TypeAlias
import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import FunctionCtx, once_differentiable
from torchtyping import TensorType
from beartype import beartype

Grad: TypeAlias = Optional[Tensor]


class Sigmoid(Function):
    @staticmethod
    def forward(ctx: FunctionCtx, x: TensorType["n"]) -> TensorType["n"]:
        y: Tensor = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    @once_differentiable
    def backward(ctx: FunctionCtx, *grads: Tensor) -> Tuple[Grad, ...]:
        (y,) = ctx.saved_tensors
        return grads[0] * y * (1 - y)


class Product(Function):
    @staticmethod
    @beartype
    def forward(ctx: Any, x1: Tensor, x2: Tensor) -> Tensor:
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx: Any, dzdy: Tensor) -> tuple[Grad, Grad]:
        x1, x2 = ctx.saved_tensors
        need1, need2 = ctx.needs_input_grad
        return (dzdy * x2 if need1 else None), (dzdy * x1 if need2 else None)
