"""Which lines in reach of a Function's methods have something of autograd, and which have not."""

from __future__ import annotations

import ast

import pytest

from worker.cell.source import look

TEMPLATE = """
import torch
import torch.autograd as ag
from torch import autograd, func
from torch.autograd import Function, grad
{top}

class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, dzdy):
        {body}
"""


def finds(body: str, top: str = "") -> bool:
    text = TEMPLATE.format(top=top, body=body)
    found = look(ast.parse(text), text.encode())
    assert all(finding["scope"].startswith("Sigmoid.") for finding in found)
    return bool(found)


@pytest.mark.parametrize(
    "body",
    [
        "return torch.autograd.grad(1, 2)",
        "return ag.grad(1, 2)",
        "return grad(1, 2)",
        "return autograd.functional.vjp(1, 2)",
        "return func.vjp(1, 2)",
        "return torch.func.grad(torch.sin)(dzdy)",
        "return getattr(torch.autograd, 'grad')(1)",
        "return dzdy.sum().backward()",
        "return torch.autograd.backward(dzdy)",
        "return dzdy._execution_engine.run_backward()",
        "return torch.ops.aten.sigmoid_backward(dzdy, 1)",
        "return dzdy.grad_fn(1)",
    ],
)
def test_autograd_is_found(body: str) -> None:
    assert finds(body)


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("return helper(dzdy)", "def helper(g):\n    return grad(g)"),
        ("return one(dzdy)", "def one(g):\n    return two(g)\ndef two(g):\n    return grad(g)"),
        ("return h(dzdy)", "class H:\n    def __call__(self, g):\n        return grad(g)\nh = H()"),
        ("return alias(1)", "alias = torch.autograd.grad"),
        ("return f(1)", "f = lambda g: torch.autograd.grad(g)"),
    ],
)
def test_autograd_is_found_behind_helpers(body: str, top: str) -> None:
    assert finds(body, top)


@pytest.mark.parametrize(
    ("body", "top"),
    [
        ("return dzdy", "def test():\n    return torch.autograd.grad(1, 2)"),
        ("return dzdy", "torch.ones(1, requires_grad=True).backward()"),
        ("return Product.backward(ctx, dzdy)", "class Product(Function):\n    pass"),
        ("return super().backward(ctx, dzdy)", ""),
        ("with torch.no_grad():\n            return dzdy", ""),
        ("return torch.autograd.function.once_differentiable", ""),
    ],
)
def test_what_is_out_of_reach_or_harmless_is_left_alone(body: str, top: str) -> None:
    assert not finds(body, top)
