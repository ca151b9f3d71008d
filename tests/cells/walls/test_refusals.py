"""What Python itself refuses a submission, and what library code may do all the same."""

from __future__ import annotations

import pytest

from tests.support.cells import raised, run
from worker.sandbox import Cell

pytestmark = pytest.mark.long

REFUSED = {
    "a traceback's frame": (
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    e.__traceback__.tb_frame"
    ),
    "a generator's frame": "(n for n in range(3)).gi_frame",
    "a frame by getattr": "getattr((n for n in range(3)), 'gi_' + 'frame')",
    "a frame by attrgetter": (
        "import operator; operator.attrgetter('gi_frame')(n for n in range(3))"
    ),
    "a frame by getmembers": "import inspect; inspect.getmembers(n for n in range(3))",
    "all frames": "import sys; sys._current_frames()",
    "all objects": "import gc; gc.get_objects()",
    "referrers": "import gc; gc.get_referrers(gc)",
    "a profile function": "import sys; sys.setprofile(None)",
    "a trace function": "import sys; sys.settrace(lambda *a: None)",
    "an audit hook": "import sys\nprobe = []\nsys.addaudithook(lambda *a: probe.append(a))",
    "ctypes": "import ctypes",
    "ctypes from underneath": "import _ctypes",
    "code under a false name": "import torch; compile('1', torch.__file__, 'exec')",
    "a function's code": "import torch\ntorch.autograd.grad.__code__ = (lambda: 0).__code__",
    "writing a file": "open('notes.txt', 'w')",
    "appending to a file": "open('/tmp/notes.txt', 'a')",
    "reading proc": "open('/proc/self/maps')",
    "reading proc by a detour": "open('/usr/../proc/self/environ')",
    "another program": "import subprocess; subprocess.run(['true'])",
    "a shell": "import os; os.system('true')",
    "a fork": "import os; os.fork()",
    "a signal": "import os; os.kill(os.getppid(), 9)",
    "the network": "import socket; socket.socket()",
    "a debugger": "breakpoint()",
    "a compiled module under another name": (
        "import importlib.machinery as m\n"
        "loader = m.ExtensionFileLoader('mine', '/x/_testcapi.so')\n"
        "loader.create_module(m.ModuleSpec('mine', loader, origin='/x/_testcapi.so'))"
    ),
    "the builtin modules anew": "import sys\ndel sys.modules['builtins']\nimport builtins",
    "a library's way to a traceback's frames": (
        "import inspect, sys\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    inspect.trace()"
    ),
    "compiled code made by hand": "(lambda: 0).__code__.replace(co_consts=())",
    "compiled code by a library": (
        "import importlib._bootstrap_external as b, marshal\n"
        "b._compile_bytecode(marshal.dumps(compile('1', 'x', 'eval')))"
    ),
    "a path that is none": (
        "import io\nclass Path:\n    def __fspath__(self):\n        return '/x'\nio.FileIO(Path())"
    ),
}
ALLOWED = {
    "named tuples": "import collections; collections.namedtuple('Point', 'x y')(1, 2)",
    "typing": "import typing\nT = typing.TypeVar('T')\nclass P(typing.NamedTuple):\n    x: int",
    "enums": "import enum\nclass Colour(enum.Enum):\n    RED = 1",
    "a frame": (
        "import sys\ndef f():\n    return sys._getframe()\n"
        "assert f().f_code.co_name == 'f' and f().f_lineno == 3 and f().f_back.f_back is None\n"
        "assert f().f_globals is globals()"
    ),
    "a frame by inspect": (
        "import inspect\nassert inspect.getframeinfo(inspect.currentframe()).lineno == 2\n"
        "assert [one.filename for one in inspect.stack()] == ['submission.py']"
    ),
    "the stack by traceback": (
        "import io, traceback\nto = io.StringIO()\ntraceback.print_stack(file=to)\n"
        "assert to.getvalue().count('File') == 1"
    ),
    "frames of a traceback": (
        "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError as e:\n"
        "    ((frame, line),) = traceback.walk_tb(e.__traceback__)\n"
        "    traceback.clear_frames(e.__traceback__)\n"
        "    assert line == 3 and frame.f_code.co_name == '<module>'"
    ),
    "its own variables": (
        "one = 1\ndef f(x):\n    return sorted(locals()), sorted(vars())\n"
        "assert f(2) == (['x'], ['x']) and locals() is globals() is vars()\n"
        "class A:\n    y = 3\n    names = list(locals())\n"
        "assert 'y' in A.names and vars(A)['y'] == eval('one + 2') == 3"
    ),
    "subclasses": "class A: pass\nclass B(A): pass\nassert A.__subclasses__() == [B]",
    "data classes": (
        "import dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int = 0\nprint(P())"
    ),
    "warnings": "import warnings; warnings.warn('careful', stacklevel=2)",
    "logging": "import logging; logging.basicConfig(); logging.warning('careful')",
    "printing a traceback": (
        "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()"
    ),
    "the source of a function": (
        "import inspect\ndef f(): pass\nassert 'def f' in inspect.getsource(f)"
    ),
    "signatures": "import inspect\ndef f(x): pass\ninspect.signature(f)",
    "printing tensors": "import torch; print(torch.randn(3, 3))",
    "gradcheck": (
        "import torch\nx = torch.ones(2, dtype=torch.float64, requires_grad=True)\n"
        "assert torch.autograd.gradcheck(torch.sin, x)"
    ),
    "vmap": "import torch; torch.func.vmap(torch.sin)(torch.ones(3))",
    "scripting": (
        "import torch\n@torch.jit.script\ndef f(x: torch.Tensor):\n    return x + 1\n"
        "f(torch.ones(1))"
    ),
    "modules": (
        "import torch\nm = torch.nn.Linear(2, 1)\no = torch.optim.Adam(m.parameters())\n"
        "m(torch.ones(2)).sum().backward()\no.step()"
    ),
    "data loaders": (
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "list(DataLoader(TensorDataset(torch.ones(4, 2)), batch_size=2, shuffle=True))"
    ),
    "unittest": (
        "import unittest\nclass T(unittest.TestCase):\n    def test_it(self):\n"
        "        with self.assertRaises(ValueError):\n            int('x')\n"
        "    def test_fails(self):\n        self.assertEqual(1, 2)\n"
        "run = unittest.main(argv=['x'], exit=False)\nassert len(run.result.failures) == 1\n"
        "assert run.result.failures[0][1].count('File') == 1"
    ),
    "doctest": "import doctest\nassert doctest.testmod().failed == 0",
    "the library": "import random, math, itertools, functools, json, re, time, copy",
    "numpy": "import numpy as np\nnp.testing.assert_allclose(np.ones(2), 1)\nnp.random.rand(2)",
    "einsum and friends": "import torch\ntorch.einsum('ij,j->i', torch.ones(2, 2), torch.ones(2))",
    "profiling torch": "import torch\ntorch.manual_seed(1)\ntorch.set_printoptions(precision=3)",
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_and_said_so_with_its_line(what: str, cell: Cell) -> None:
    evidence = run(cell, f"first = 1\n{REFUSED[what]}\nafterwards = 2\n")
    assert evidence.ending.kind == "done"
    assert evidence.loaded is not None
    assert evidence.loaded.blocked, evidence.loaded.raised
    assert (evidence.loaded.blocked[0].line or 0) >= 2


@pytest.mark.parametrize("what", ALLOWED)
def test_library_code_goes_on_working(what: str, cell: Cell) -> None:
    evidence = run(cell, ALLOWED[what])
    assert evidence.ending.kind == "done"
    assert evidence.loaded is not None
    assert not evidence.loaded.raised
    assert not evidence.loaded.blocked


def test_modules_that_are_loaded_anew_lead_to_nothing_of_ours(cell: Cell) -> None:
    source = b"""
import importlib.machinery as machinery, os, sys, torch
def anew(name):
    return machinery.BuiltinImporter.create_module(
        machinery.ModuleSpec(name, machinery.BuiltinImporter)
    )
def owner(function):
    return getattr(function, "__globals__", {}).get("__name__")
print(anew("sys").getprofile())
for folder in sys.path:
    for file in os.listdir(folder) if folder.endswith("lib-dynload") else ():
        if file.startswith("_ctypes."):
            loader = machinery.ExtensionFileLoader("_ctypes", f"{folder}/{file}")
            spec = machinery.ModuleSpec("_ctypes", loader, origin=f"{folder}/{file}")
            print(hasattr(loader.create_module(spec), "CFuncPtr"))
class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        assert anew("sys").getprofile() is sys.getprofile() is None
        return x.sum()
    @staticmethod
    def backward(ctx, g):
        return g
"""
    evidence = run(cell, source)
    assert raised(evidence) == []
    assert evidence.output.split() in (["None", "False"], ["None"])
    sums = [result for name, result in evidence.probes.items() if name.startswith("sum/")]
    assert sums
    assert all(one.error is None or one.error.phase == "backward" for one in sums)


def test_nothing_can_be_done_in_our_name(cell: Cell) -> None:
    """C code that a file chooses may be called while one of our functions is the current one."""
    source = """
import functools, torch
from collections import defaultdict
found, done = defaultdict(globals), []
class Odd(Exception):
    __str__ = functools.partial(found.__getitem__, 1)
raise Odd
class Odd(Exception):
    __str__ = functools.partial(eval, "print(__name__)")
raise Odd
assert not found
class Sum(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum()
    @staticmethod
    def backward(ctx, g):
        return g
Sigmoid = functools.partial(found.__getitem__)
"""
    evidence = run(cell, source)
    assert [name for name, _ in raised(evidence)] == ["Odd", "Odd"]
    assert evidence.output == ""
    errors = [one.error for name, one in evidence.probes.items() if name.startswith("sigmoid/")]
    assert errors
    assert all(one is not None and "not the file's own" in one.message for one in errors)


def test_torch_shows_no_frames_and_takes_no_addresses(cell: Cell) -> None:
    source = """
import torch
from torch._C._dynamo import eval_frame
seen = []
eval_frame.set_eval_frame(lambda *a: seen.append(a))
(lambda: 0)()
eval_frame.set_guard_complete_hook(lambda *a: seen.append(a))
assert torch._C._construct_storage_from_data_pointer(1, torch.device("cpu"), 8) is None
assert torch._C.StorageBase.__dict__["_set_cdata"](torch.UntypedStorage(1), 8) is None
assert not seen
"""
    assert raised(run(cell, source)) == []


def test_our_own_modules_cannot_be_found(cell: Cell) -> None:
    source = """
import sys
found = [n for n in sys.modules if n.partition(".")[0] in ("cell", "worker", "graders", "app")]
def spaces():
    for root in (object, tuple, sys.modules["torch"].autograd.Function):
        for cls in root.__subclasses__():
            for method in vars(cls).values():
                yield getattr(getattr(method, "__func__", method), "__globals__", {})
for space in spaces():
    name = str(space.get("__name__"))
    words = ("harness", "probes", "trusted_torch", "frame_proxies", "audit_hook")
    found += [f"{name}.{w}" for w in words if w in space and name.startswith(("cell", "worker"))]
assert not found, found
assert sys.getprofile() is None
assert not hasattr(sys.getprofile, "__globals__")
"""
    evidence = run(cell, source)
    assert evidence.loaded is not None
    assert not evidence.loaded.raised
