# expect: all=0
# says: sigmoid: is not written yet
from typing import Tuple

import torch
from torch import Tensor
from torch.autograd import Function


class Addition(Function):
    """Add two tensors of the same shape, element by element."""

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        raise NotImplementedError("return one gradient for each argument of forward")


class Product(Function):
    """Multiply two tensors of the same shape, element by element."""

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        raise NotImplementedError("return one gradient for each argument of forward")


# Composition: nothing to add, it calls your functions in this order.
# d = addition(a, b)
# e = product(c, d)


class Sum(Function):
    """Add up all elements of a tensor, as torch.sum(x) does."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tensor:
        raise NotImplementedError("return one gradient for each argument of forward")


class Sigmoid(Function):
    """The logistic function of each element, as torch.sigmoid(x)."""

    @staticmethod
    def forward(ctx, x: Tensor) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tensor:
        raise NotImplementedError("return one gradient for each argument of forward")


class DotProduct(Function):
    """The dot product of two vectors, as torch.dot(x1, x2)."""

    @staticmethod
    def forward(ctx, x1: Tensor, x2: Tensor) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        raise NotImplementedError("return one gradient for each argument of forward")


class MatrixVectorProduct(Function):
    """A matrix times a vector, as torch.mv(A, x)."""

    @staticmethod
    def forward(ctx, A: Tensor, x: Tensor) -> Tensor:
        raise NotImplementedError("compute the result, and keep what backward will need")

    @staticmethod
    def backward(ctx, dzdy: Tensor) -> Tuple[Tensor, Tensor]:
        raise NotImplementedError("return one gradient for each argument of forward")

