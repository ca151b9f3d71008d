"""Nothing that one submission does is seen by the next one in the same cell."""

from __future__ import annotations

import pytest

from tests.support.cells import HONEST, direct, raised, run, whole_plan
from worker.sandbox import Cell

pytestmark = pytest.mark.long

HAUNTS = {
    "patched torch": "import torch\ntorch.ones = torch.sum = torch.mv = lambda *a, **k: None",
    "patched builtins": "import builtins\nbuiltins.len = builtins.isinstance = lambda *a: 0",
    "patched numpy": "import numpy\nnumpy.ones = numpy.frombuffer = None",
    "patched Function": "import torch\ntorch.autograd.Function.apply = staticmethod(print)",
    "default dtype": "import torch\ntorch.set_default_dtype(torch.float64)",
    "no gradients": "import torch\ntorch.set_grad_enabled(False)",
    "shared tensor": "import torch\nshared = torch.ones(3)\nshared.share_memory_()",
    "a module of its own": "import sys, types\nsys.modules['ghost'] = types.ModuleType('ghost')",
    "environment": "import os\nos.environ['GHOST'] = '1'",
    "random state": "import torch\ntorch.manual_seed(666)",
    "a file": "open('/tmp/ghost', 'w').write('boo')",
    "a handler": "import atexit\natexit.register(print, 'boo')",
}
LOOK = b"""
import builtins, os, sys, torch, numpy
assert 'ghost' not in sys.modules
assert 'GHOST' not in os.environ
assert not os.path.exists('/tmp/ghost')
assert torch.get_default_dtype() == torch.float32
assert torch.is_grad_enabled()
assert torch.initial_seed() != 666
assert len([1]) == 1 and numpy.ones(1).sum() == 1
"""


@pytest.mark.parametrize("haunt", HAUNTS.values(), ids=HAUNTS.keys())
def test_the_next_submission_finds_everything_as_it_was(cell: Cell, haunt: str) -> None:
    run(cell, haunt)
    evidence = run(cell, LOOK + HONEST)
    assert evidence.ending.kind == "done"
    assert raised(evidence) == []
    assert len(direct(evidence).probes) == len(whole_plan().probes)
    assert all(result.error is None for result in evidence.probes.values())
