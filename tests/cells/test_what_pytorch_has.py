"""What a file may use of PyTorch beside its Functions works in a cell, which loads no compiler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cells import raised, run
from worker.sandbox import Cell

pytestmark = pytest.mark.long

CHECKOUT = Path(__file__).parents[2]
USES = {
    "an optimiser": """
model = torch.nn.Linear(3, 2)
optimiser = torch.optim.Adam(model.parameters())
model(torch.ones(1, 3)).sum().backward(torch.ones(()))
optimiser.step()
torch.optim.lr_scheduler.StepLR(optimiser, 1).step()
""",
    "a checkpoint": """
from torch.utils.checkpoint import checkpoint
x = torch.ones(3, requires_grad=True)
for reentrant in (False, True):
    checkpoint(torch.sin, x, use_reentrant=reentrant).sum().backward()
assert torch.equal(x.grad, 2 * torch.cos(x))
""",
    "a compiled function": """
@torch.compile
def double(x): return 2 * x
@torch.compiler.disable
def half(x): return x / 2
assert torch.equal(half(double(torch.ones(2))), torch.ones(2))
torch.compiler.reset()
with torch.compiler.set_stance("force_eager"), torch._dynamo.config.patch(cache_size_limit=4):
    torch._dynamo.reset()
""",
    "transformed functions": """
x = torch.rand(3)
assert torch.allclose(torch.func.jacrev(torch.sin)(x), torch.diag(torch.cos(x)))
assert torch.allclose(torch.func.grad(lambda x: torch.sin(x).sum())(x), torch.cos(x))
assert torch.allclose(torch.func.vjp(torch.sin, x)[1](torch.ones(3))[0], torch.cos(x))
""",
    "a function over a batch": """
rows = torch.rand(4, 3)
assert torch.allclose(torch.vmap(torch.dot)(rows, rows), (rows * rows).sum(1))
assert torch.vmap(torch.addr)(torch.ones(4, 3, 3), rows, rows).shape == (4, 3, 3)
loss = lambda row: torch.nn.functional.mse_loss(row, torch.zeros(3))
assert torch.vmap(torch.func.grad(loss))(rows).shape == (4, 3)
""",
    "a comparison": """
torch.testing.assert_close(torch.ones(2), torch.ones(2))
try:
    torch.testing.assert_close(torch.ones(2), torch.zeros(2))
except AssertionError as why:
    assert "not close" in str(why)
else:
    assert False
""",
    "shapes that are broadcast": """
assert torch.broadcast_shapes((3, 1), (1, 4), 1) == torch.Size([3, 4])
assert torch.broadcast_shapes((2,), (3, 1), (1, 1, 1)) == torch.Size([1, 3, 2])
assert torch.broadcast_shapes() == torch.broadcast_shapes(None) == torch.Size([])
assert torch.broadcast_shapes((0, 1), (1, 5)) == torch.Size([0, 5])
for wrong in (((2,), (3,)), ((-1,),)):
    try:
        torch.broadcast_shapes(*wrong)
    except RuntimeError:
        continue
    assert False
""",
    "the order of dimensions": """
assert torch.ones(2, 3).dim_order(ambiguity_check=True) == (0, 1)
""",
    "a traced module": "torch.jit.trace(torch.nn.Linear(2, 3), torch.ones(2))(torch.ones(2))\n",
    "a loader of data": """
from torch.utils.data import DataLoader, TensorDataset
assert len(list(DataLoader(TensorDataset(torch.ones(4, 2)), batch_size=2))) == 2
""",
    "a generator of numbers": """
first, second = (torch.rand(3, generator=torch.Generator().manual_seed(1)) for _ in range(2))
assert torch.equal(first, second)
""",
    "tensors without data": """
x = torch.ones(3, 2, device="meta")
assert torch.nn.Linear(2, 5, device="meta")(x + 1).shape == (3, 5)
""",
    "a gradient of another shape": """
x = torch.ones(2, requires_grad=True)
try:
    (2 * x).backward(torch.ones(3))
except RuntimeError as why:
    assert "Mismatch in shape" in str(why)
else:
    assert False
""",
    "determinism": "torch.use_deterministic_algorithms(True)\n",
    "a checked size": "torch._check_is_size(3)\ntorch._check(True)\n",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_it_works_and_is_no_refusal(cell: Cell, use: str) -> None:
    evidence = run(cell, f"import torch\n{use}")
    assert raised(evidence) == []
    assert evidence.loaded is not None
    assert evidence.loaded.blocked == ()


LOADED = """
import sys
from worker.cell.warmup import stand_ins
stand_ins.put()
from worker.cell.warmup import rehearsal, warm
warm.up()
list(rehearsal.steps(None))
for name, module in sys.modules.items():
    if name.startswith(("sympy", "mpmath", "torch._decomp", "torch._refs", "torch._dynamo",
            "torch._inductor", "torch.onnx", "torch.distributed.tensor")):
        print(name, module.__spec__ is not None)
"""


def test_neither_a_compiler_nor_computer_algebra_is_loaded() -> None:
    """A module of PyTorch's own has a spec, what stands in its place has none."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    loaded = dict(line.split() for line in run.stdout.splitlines())
    assert set(loaded.values()) == {"False"}, loaded
    assert "torch._dynamo" in loaded


@pytest.mark.parametrize(
    "module", ["torch._dynamo.convert_frame", "torch._decomp", "torch._refs", "sympy"]
)
def test_a_file_cannot_load_them(cell: Cell, module: str) -> None:
    source = f"import sys, torch\nassert {module!r} not in sys.modules\nimport {module}\n"
    ((kind, _),) = raised(run(cell, source))
    assert kind in ("ImportError", "ModuleNotFoundError")
