"""Answers with sparse, quantised, complex, meta, boolean and nested tensors.

Group: hostile tensors
Ending: done crashed
"""
import torch
from torch.autograd import Function


def make(kind):
    class Odd(Function):
        @staticmethod
        def forward(ctx, *args):
            return kind(args[0])

        @staticmethod
        def backward(ctx, g):
            return g, g

    return Odd


Addition = make(lambda x: x.to_sparse())
Product = make(lambda x: torch.quantize_per_tensor(x.detach(), 0.1, 0, torch.qint8))
Sum = make(lambda x: x.to(torch.complex64))
Sigmoid = make(lambda x: torch.empty(x.shape, device="meta"))
DotProduct = make(lambda x: torch.nested.nested_tensor([x]))
MatrixVectorProduct = make(lambda x: x > 0)
