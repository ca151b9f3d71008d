"""A direct run is without autograd; where a host does not allow that, the cell says so."""

from __future__ import annotations

import stat
import struct
from pathlib import Path

import pytest

from graders.judge import judge
from graders.model.evidence import ProbeResult
from graders.probes.plan import draw_plan
from tests.support.cells import HONEST, POINTS, SEED, direct, run, whole_plan
from worker.sandbox import Cell
from worker.sandbox.container import bubblewrap

pytestmark = pytest.mark.long

HEAD = b"""
import torch
from torch.autograd import Function


class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, g):
        x1, x2 = ctx.saved_tensors
        one, two = ctx.needs_input_grad
        first, second = derived(x1, x2, g)
        return first if one else None, second if two else None


"""
FORMULA = b"def derived(x1, x2, g):\n    return g * x2, g * x1\n"
WAYS = {
    "torch.autograd.grad": """
def derived(x1, x2, g):
    with torch.enable_grad():
        a, b = x1.detach().requires_grad_(), x2.detach().requires_grad_()
        return torch.autograd.grad(a * b, (a, b), g)
""",
    "Tensor.backward": """
def derived(x1, x2, g):
    with torch.enable_grad():
        a, b = x1.detach().requires_grad_(), x2.detach().requires_grad_()
        (a * b).backward(g)
    return a.grad, b.grad
""",
    "torch.func.vjp": """
def derived(x1, x2, g):
    return torch.func.vjp(torch.mul, x1.detach(), x2.detach())[1](g)
""",
    "torch.func.jvp": """
def derived(x1, x2, g):
    one, two = torch.ones_like(x1), torch.zeros_like(x1)
    pair = (x1.detach(), x2.detach())
    return (g * torch.func.jvp(torch.mul, pair, (one, two))[1],
            g * torch.func.jvp(torch.mul, pair, (two, one))[1])
""",
    "torch.autograd.forward_ad.dual_level": """
import torch.autograd.forward_ad as fw

def derived(x1, x2, g):
    with fw.dual_level():
        a = fw.make_dual(x1.detach(), torch.ones_like(x1))
        return g * fw.unpack_dual(a * x2.detach()).tangent, g * x1
""",
    "torch.autograd.functional.vjp": """
def derived(x1, x2, g):
    return torch.autograd.functional.vjp(torch.mul, (x1.detach(), x2.detach()), g)[1]
""",
    "": """
from typing import List, Optional

@torch.jit.script
def taken(x1: torch.Tensor, x2: torch.Tensor, g: torch.Tensor):
    y = x1 * x2
    gs: List[Optional[torch.Tensor]] = [g]
    return torch.autograd.grad([y], [x1, x2], gs)

def derived(x1, x2, g):
    with torch.enable_grad():
        first, second = taken(x1.detach().requires_grad_(), x2.detach().requires_grad_(), g)
    return first, second
""",
}


def product(cell: Cell, source: bytes) -> ProbeResult:
    """What came of the plain probe of the product in a direct run."""
    return direct(run(cell, source)).probes["product/basic"]


@pytest.mark.parametrize("name", WAYS)
def test_whoever_touches_autograd_is_told_its_name_and_gets_no_gradient(
    cell: Cell, name: str
) -> None:
    plan = draw_plan(["product"], SEED)
    evidence = cell.run(plan.requests, HEAD + WAYS[name].encode())
    (exercise,) = judge(plan, evidence, {"product": 10.0}).exercises
    check = next(one for one in exercise.checks if one.name == "without-autograd")
    assert check.status == "failed"
    assert f"`Product.backward` calls {f'`{name}`' if name else 'PyTorch'}" in check.message
    assert "worked out from the formula" in check.message
    assert sum(c.points for c in exercise.checks if c.family == "gradient") == 0


def test_a_formula_gives_its_numbers_without_autograd(cell: Cell) -> None:
    result = product(cell, HEAD + FORMULA)
    assert (result.error, result.touched) == (None, ())
    assert [call.which for call in result.calls] == ["forward", "backward"]


def test_a_formula_behind_a_failed_attempt_to_borrow_is_borrowed_all_the_same(cell: Cell) -> None:
    source = """
def derived(x1, x2, g):
    try:
        return torch.func.vjp(torch.mul, x1.detach(), x2.detach())[1](g)
    except BaseException:
        return g * x2, g * x1
"""
    assert product(cell, HEAD + source.encode()).touched[0].name == "torch.func.vjp"


@pytest.mark.parametrize(
    "use",
    [
        "x = torch.ones(3, requires_grad=True)\nProduct.apply(x, x).sum().backward()\n",
        "assert torch.autograd.gradcheck(Product.apply, (torch.ones(2, dtype=torch.double, "
        "requires_grad=True), torch.ones(2, dtype=torch.double)))\n",
        "w = torch.zeros(2, requires_grad=True)\nfor _ in range(9):\n"
        "    Product.apply(w, w).sum().backward()\n    w.data -= w.grad\n    w.grad = None\n",
    ],
)
def test_autograd_at_the_top_level_costs_nothing_and_says_nothing(cell: Cell, use: str) -> None:
    plan = draw_plan(["product"], SEED)
    evidence = cell.run(plan.requests, HEAD + FORMULA + use.encode())
    report = judge(plan, evidence, {"product": 10.0})
    assert (report.score, report.notes, report.remarks) == (10.0, (), ())


@pytest.mark.parametrize(
    "statement",
    [
        "import sympy",
        "import mpmath",
        "import torchgen",
        "import torch._decomp",
        "from torch.testing._internal import autograd_function_db",
        "from torch.nn.utils._expanded_weights.linear_expanded_weights import LinearPerSampleGrad",
        "open(torch.__file__.replace('__init__.py', 'testing/_internal/autograd_function_db.py'))",
        "from torch._refs import nn",
        "torch.library.Library('aten', 'IMPL').impl('detach', lambda x: x, 'CPU')",
        "torch.library.custom_op('mine::op', lambda x: x, mutates_args=())",
        "open(torch.__file__.replace('__init__.py', '_decomp/decompositions.py'))",
        "open(torch.__file__.replace('__init__.py', 'lib/libtorch_cpu.so'), 'rb')",
        "torch.fx.experimental.symbolic_shapes.sympy",
        "torch._decomp",
        "torch.from_file(torch.__file__.replace('torch/__i', 'sympy/__i'), size=9).sum()",
        "[c for c in torch.fx.experimental.symbolic_shapes.SymExprPrinter.__mro__"
        " if c.__module__ == 'sympy.printing.printer'][0]()",
        "torch.distributions.SigmoidTransform().log_abs_det_jacobian(torch.ones(1), None)",
    ],
)
def test_what_could_derive_for_a_file_is_not_at_hand_in_either_run(
    cell: Cell, statement: str
) -> None:
    evidence = run(cell, f"import torch\n{statement}\n".encode())
    for each in (evidence, direct(evidence)):
        assert each.loaded is not None
        assert [one.line for one in each.loaded.raised] == [2]


def test_every_derivative_kernel_of_pytorch_raises(cell: Cell) -> None:
    source = HEAD + (
        b"def derived(x1, x2, g):\n    torch.ops.aten.sigmoid_backward(g, x1)\n"
        b"    return g * x2, g * x1\n"
    )
    result = product(cell, source)
    assert [one.name for one in result.touched] == ["torch.ops.aten.sigmoid_backward"]
    assert result.error is not None


def test_nor_does_any_key_or_kind_of_tensor_lead_to_one(cell: Cell) -> None:
    source = (
        HEAD
        + b"""
def derived(x1, x2, g):
    keys = torch._C.DispatchKeySet(torch._C.DispatchKey.NestedTensorHPU)
    x, up = (torch.nested.nested_tensor([one.reshape(-1, 1)]) for one in (x1, g))
    torch.ops.aten.linear_backward.default.redispatch(keys, x, up, x2[:1, None], [True] * 3)
    return g * x2, g * x1
"""
    )
    assert [one.name for one in product(cell, source).touched] == ["torch.ops.aten.linear_backward"]


def test_pytorchs_own_difference_quotient_is_gone_and_gradcheck_is_not(cell: Cell) -> None:
    source = (
        HEAD
        + b"""
import sys

def derived(x1, x2, g):
    assert torch.autograd.gradcheck(torch.mul, (x1, x2))
    module = sys.modules["torch.autograd.gradcheck"]
    return module._get_numerical_jacobian(torch.mul, (x1, x2), outputs=(x1,))
"""
    )
    result = product(cell, source)
    assert result.error is not None
    assert result.error.type == "PermissionError"


def forbidding(folder: Path) -> str:
    """A bwrap whose containers may not make memory executable once it is there."""
    architecture, number, mprotect, executable = 4, 0, 10, 4
    load, equal, bit, give = 0x20, 0x15, 0x45, 0x06
    code = (
        (load, 0, 0, architecture),
        (equal, 0, 5, 0xC000003E),
        (load, 0, 0, number),
        (equal, 0, 3, mprotect),
        (load, 0, 0, 32),  # the third argument's lower half
        (bit, 0, 1, executable),
        (give, 0, 0, 0x00050000 | 1),  # EPERM
        (give, 0, 0, 0x7FFF0000),
    )
    rules = folder / "rules"
    rules.write_bytes(b"".join(struct.pack("HBBI", *one) for one in code))
    program = folder / "bwrap"
    real = bubblewrap.programs()[0]
    program.write_text(f'#!/bin/sh\nexec {real} --seccomp 9 "$@" 9<{rules}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_a_host_that_forbids_it_is_told_and_pytorchs_record_decides(tmp_path: Path) -> None:
    options = bubblewrap.Options(forbidding(tmp_path), 500, 512)
    with Cell(bubblewrap.Bubblewrap(options)) as cell:
        assert cell.defences["without_autograd"] is False
        assert "does not let a process change its own code" in str(
            cell.defences["why_with_autograd"]
        )
        plan = whole_plan()
        evidence = cell.run(plan.requests, HONEST)
        assert evidence.recorded
        assert judge(plan, evidence, POINTS).score == 70.0
        plan = draw_plan(["product"], SEED)
        evidence = cell.run(plan.requests, HEAD + WAYS["torch.autograd.grad"].encode())
        (exercise,) = judge(plan, evidence, {"product": 10.0}).exercises
        check = next(one for one in exercise.checks if one.name == "without-autograd")
        assert check.status == "failed"
        assert "derivative" in check.message
