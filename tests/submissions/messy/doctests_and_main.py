# expect: sum=full
"""Exercise 4.

>>> Sum.apply(torch.ones(3))
tensor(3.)
"""
import doctest
from pathlib import Path
import torch
from torch.autograd import Function


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

HERE = Path(__file__).resolve().parent
print(HERE, __name__, __doc__)
doctest.testmod()
if __name__ == "__main__":
    data = (HERE / "data.csv").read_text()
