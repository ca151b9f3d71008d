# expect: addition=full sigmoid=full matrix-vector-product=full
# Größe, naïve, 中文, ∂z/∂y
import torch
from torch.autograd import Function


class Addition(Function):
    """Σ zweier Tensoren — elementweise."""

    @staticmethod
    def forward(κ, α, β):
        return α + β

    @staticmethod
    def backward(κ, dδ):
        n1, n2 = κ.needs_input_grad
        return dδ if n1 else None, dδ if n2 else None


class Sigmoid(Function):
    @staticmethod
    def forward(κ, x):
        σ = 1 / (1 + torch.exp(-x))
        κ.save_for_backward(σ)
        return σ

    @staticmethod
    def backward(κ, δ):
        σ, = κ.saved_tensors
        return δ * σ * (1 - σ)


class MatrixVectorProduct(Function):
    @staticmethod
    def forward(κ, 行列, ベクトル):
        κ.save_for_backward(行列, ベクトル)
        return 行列 @ ベクトル

    @staticmethod
    def backward(κ, δ):
        行列, ベクトル = κ.saved_tensors
        return (torch.outer(δ, ベクトル) if κ.needs_input_grad[0] else None,
                行列.T @ δ if κ.needs_input_grad[1] else None)


print("fertig ✓ 😀")
