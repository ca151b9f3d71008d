# expect: sum=full relu=full
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple
import torch
from torch.autograd import Function


@dataclass
class Config:
    lr: float = 1e-3
    sizes: list = field(default_factory=list)
    device: str = "cuda" if torch.cuda.is_available() else "cpu"


class Kind(Enum):
    SUM = auto()
    RELU = auto()


class Result(NamedTuple):
    loss: float
    kind: Kind


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None


class ReLU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, dzdy):
        (x,) = ctx.saved_tensors
        return dzdy * (x > 0) if ctx.needs_input_grad[0] else None


FUNCTIONS = {Kind.SUM: Sum.apply, Kind.RELU: ReLU.apply}
result = Result(FUNCTIONS[Kind.SUM](torch.ones(3)).item(), Kind.SUM)
print(result, Config())
