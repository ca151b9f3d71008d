"""Owns taking autograd out of a process for good, before it reads any file.

What is taken out: the engine that runs every backward pass, forward mode, TorchScript's
derivatives, PyTorch's own derivative kernels, and the recording of graphs. The first three throw
an exception, nothing records a graph any more, and the kernels raise, as operations and as machine
code. No function that a file can call puts any of it back; what a file that reads and writes all of
the process's memory could do is in docs/security.md.
"""

from __future__ import annotations

import builtins
import contextlib
import re
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, NoReturn

import torch

from . import frame_proxies, machine_code
from .derivers import empty

globals()["__builtins__"] = vars(builtins).copy()

MESSAGE = "there is no autograd in this run: the gradient is worked out from the formula"
_LIBRARIES = Path(torch.__file__).parent / "lib"
_FAIL = "_ZN3c106detail14torchCheckFailEPKcS2_jS2_"
_GRAD_MODE = "_ZN3c108GradMode10is_enabledEv"
_THROWING = (
    # torch::autograd::Engine::execute, ::execute_with_graph_task, ::evaluate_function
    "_ZN5torch8autograd6Engine7executeERKSt6vectorINS0_4EdgeESaIS3_EERKS2_IN2at6TensorESaIS9_EEbbbS7_",
    "_ZN5torch8autograd6Engine23execute_with_graph_taskERKSt10shared_ptrINS0_9GraphTaskEEN3c1013"
    "intrusive_ptrINS0_4NodeENS7_6detail34intrusive_target_default_null_typeIS9_EEEEONS0_11"
    "InputBufferE",
    "_ZN5torch8autograd6Engine17evaluate_functionERSt10shared_ptrINS0_9GraphTaskEEPNS0_4NodeERNS0_"
    "11InputBufferERKS2_INS0_10ReadyQueueEE",
    # torch::autograd::grad, ::backward
    "_ZN5torch8autograd4gradERKSt6vectorIN2at6TensorESaIS3_EES7_S7_St8optionalIbEbb",
    "_ZN5torch8autograd8backwardERKSt6vectorIN2at6TensorESaIS3_EES7_St8optionalIbEbS7_",
    # torch::autograd::ForwardADLevel::get_next_idx, ::get_by_idx, ::try_get_by_idx
    "_ZN5torch8autograd14ForwardADLevel12get_next_idxEv",
    "_ZN5torch8autograd14ForwardADLevel10get_by_idxEm",
    "_ZN5torch8autograd14ForwardADLevel14try_get_by_idxEm",
    # torch::jit::differentiate
    "_ZN5torch3jit13differentiateERSt10shared_ptrINS0_5GraphEE",
)
"""Exported functions of libtorch_cpu.so, by the names that the compiler gives them."""
_COMPUTING = (b"_ZN2at3cpu", b"_ZN2at6native", b"_ZNK2at6native")
"""How the names begin of functions that compute: of at::cpu and at::native."""
_DERIVATIVE = re.compile(
    r"_backward|_jvp|_make_dual|_fw_primal|_standard_gamma_grad|_dirichlet_grad"
)
"""How the operations are called that compute derivatives."""
_ONWARD = frozenset({"Autograd", "ADInplaceOrView", "Functionalize", "Meta"})
"""Where an operation computes nothing, and mostly goes on to another of its kernels."""
_FUNCTIONALS = ("jacobian", "hessian", "vjp", "jvp", "vhp", "hvp")
_AUTOGRAD: Mapping[str, Any] = {
    name: getattr(owner, name)
    for owner, name in (
        (torch._C._functorch, "_grad_increment_nesting"),
        (torch._C._functorch, "_jvp_increment_nesting"),
        (torch._C, "_enter_dual_level"),
        (torch.autograd, "gradcheck"),
        (torch.autograd, "gradgradcheck"),
        (torch, "is_grad_enabled"),
        (torch._C, "_set_grad_enabled"),
        *((torch.autograd.functional, name) for name in _FUNCTIONALS),
    )
}
"""Functions that a run without autograd has others for."""
_GRADCHECK = sys.modules["torch.autograd.gradcheck"]
"""A module that also differentiates by numbers; `torch.autograd` has a function of its name."""
_PUBLIC = frozenset({"torch.autograd", "torch.autograd.functional", "torch.autograd.forward_ad"})
_WITHIN = ("torch", "contextlib")
"""Where frames lie between the call of a public function and the call into C."""
_TOUCHES = 16

_get: Any = dict.get
_new: Any = torch._C._dispatch_library
_impl: Any = torch._C._DispatchModule.impl
_kept: list[Any] = []
"""What keeps kernels registered for as long as it lives."""
_caller = frame_proxies.caller
LineOfFrame = Callable[[Any], int | None]


class Touches:
    """What of autograd a file has called in a run without it.

    `noted` has the public name and the line of each call that Python saw; `count` also counts what
    only C saw. `grad_enabled` is what a file has set and is told of the mode for gradients.
    """

    def __init__(self) -> None:
        self.noted: list[dict[str, Any]] = []
        self.grad_enabled = True
        self._counter: Any = [0]

    def count(self) -> int:
        """How often the engine, forward mode or TorchScript's derivatives were called."""
        return int(self._counter[0])

    def begin(self) -> None:
        """Forgets what has been."""
        self.noted.clear()
        self.grad_enabled = True


class Found(NamedTuple):
    """What is to be replaced: looked for once, as it takes longer than to replace it.

    `places` is where Python finds the functions of `_AUTOGRAD`: variables, the key in them, the
    name. `kernels` has the operations that compute derivatives, each with a dispatch key, and
    `functions` what they are in machine code, which C++ can call without asking the dispatcher.
    """

    places: list[tuple[dict[str, Any], str, str]]
    kernels: list[tuple[str, str]]
    functions: list[str]


def find() -> Found:
    """Looks for all that `remove` replaces."""
    return Found(_places(), _kernels(), _functions())


def _places() -> list[tuple[dict[str, Any], str, str]]:
    names = {id(value): name for name, value in _AUTOGRAD.items()}
    return [
        (vars(module), key, names[id(value)])
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] == "torch" and module is not None
        for key, value in list(vars(module).items())
        if id(value) in names
    ]


def _kernels() -> list[tuple[str, str]]:
    """Those of every key under which there is one, since a file can ask for any of them."""
    names = frozenset(
        name
        for name in torch._C._dispatch_get_all_op_names()
        if _DERIVATIVE.search(name) and name.startswith("aten::")
    )
    found = {(name, "CPU") for name in names}
    registered: Any = torch._C._dispatch_get_registrations_for_dispatch_key
    for key in set(torch._C.DispatchKey.__members__) - _ONWARD:
        with contextlib.suppress(RuntimeError):  # some are no real keys
            found |= {(name, key) for name in names.intersection(registered(key))}
    return sorted((name.removeprefix("aten::"), key) for name, key in found)


def _functions() -> list[str]:
    return machine_code.functions(_LIBRARIES / "libtorch_cpu.so", b"_backward", _COMPUTING)


def remove(
    found: Found,
    change: Callable[[type, dict[str, Any]], None],
    line_of: LineOfFrame,
) -> tuple[Touches, str]:
    """Takes autograd out of this process; what is then known of touching it, and why it is there
    still, if it is.

    `found` is what `find` gave, `change` gives other methods to a class written in C.
    """
    touches = Touches()
    try:
        touches._counter = _break(found.functions)
    except machine_code.Refused as why:
        return touches, str(why)
    own = [one for one in vars(_GRADCHECK).values() if type(one) is FunctionType]
    empty(one for one in own if one.__globals__ is vars(_GRADCHECK))
    refusing = _refusals(touches, line_of)
    _replace_kernels(found.kernels, refusing)
    instead = _stand_ins(touches, refusing)
    for space, key, name in found.places:
        space[key] = frame_proxies.opaque(instead[name])
    engine = type(torch.autograd.Variable._execution_engine)
    change(engine, {"run_backward": frame_proxies.opaque(instead["run_backward"])})
    return touches, ""


def _break(functions: Sequence[str]) -> memoryview:
    """Overwrites what computes derivatives; the counter of how often it was called all the same.

    Raises `machine_code.Refused`.
    """
    cpu, c10 = map(machine_code.library, (_LIBRARIES / "libtorch_cpu.so", _LIBRARIES / "libc10.so"))
    thrower = machine_code.Thrower(machine_code.address(c10, _FAIL), MESSAGE)
    jump, names = machine_code.jump(thrower.at), (*_THROWING, *functions)
    code = dict.fromkeys((machine_code.address(cpu, name) for name in names), jump)
    code[machine_code.address(c10, _GRAD_MODE)] = machine_code.RETURN_FALSE
    machine_code.overwrite(code)
    return thrower.counter()


def _replace_kernels(
    kernels: list[tuple[str, str]], refusing: Callable[[str], Callable[..., Any]]
) -> None:
    """Has every operation that computes a derivative raise, however it is called."""
    library = _new("IMPL", "aten", "", "cell", 0)
    _kept.append(library)
    refusals = {
        name: frame_proxies.opaque(refusing(f"torch.ops.aten.{name}")) for name, _ in kernels
    }
    with warnings.catch_warnings(action="ignore"):  # there are other kernels already
        for name, key in kernels:
            _impl(library, name, key, refusals[name])


def _refusals(touches: Touches, line_of: LineOfFrame) -> Callable[[str], Callable[..., Any]]:
    """A function that makes one which notes that it was called, by its name, and raises."""

    def refusing(name: str) -> Callable[..., Any]:
        def refuse(*_: Any, **__: Any) -> NoReturn:
            frame = _caller()
            if len(touches.noted) < _TOUCHES:
                touches.noted.append({"name": _spoken(frame, name), "line": line_of(frame)})
            raise RuntimeError(MESSAGE)

        return refuse

    return refusing


def _stand_ins(
    touches: Touches, refusing: Callable[[str], Callable[..., Any]]
) -> dict[str, Callable[..., Any]]:
    """What is called in place of each function, by its name."""

    def set_grad_enabled(mode: bool) -> None:
        touches.grad_enabled = bool(mode)

    return {
        **{name: refusing(name) for name in ("run_backward", *_AUTOGRAD)},
        **{name: refusing(f"torch.autograd.functional.{name}") for name in _FUNCTIONALS},
        "gradcheck": lambda *_, **__: True,
        "gradgradcheck": lambda *_, **__: True,
        "is_grad_enabled": lambda: touches.grad_enabled,
        "_set_grad_enabled": set_grad_enabled,
    }


def _spoken(frame: Any, name: str) -> str:
    """The public name of the autograd call behind a call into C: `torch.autograd.grad`."""
    found = name
    while frame is not None:
        module = _get(frame.f_globals, "__name__", "")
        if type(module) is not str or module.partition(".")[0] not in _WITHIN:
            break
        found = _public(module, frame.f_code.co_qualname) or found
        frame = frame.f_back
    return found


def _public(module: str, qualname: str) -> str:
    outer = qualname.split(".<locals>")[0]
    if module.startswith("torch._functorch"):
        return "torch.func." + outer.lstrip("_").removesuffix("_with_argnums")
    if module == "torch._tensor":
        return outer
    outer = outer.removesuffix(".__enter__")
    return f"{module}.{outer}" if module in _PUBLIC else ""
