"""Owns the switches of torch that are taken away before any submission runs.

Through them a file could switch off the record of what it runs, or have code that nobody wrote.
"""

from __future__ import annotations

import sys
from typing import Any, NoReturn

import torch
from torch.fx.experimental import proxy_tensor

from . import frame_proxies

_RECORDERS = ("_enable_profiler_legacy", "_disable_profiler_legacy", "_enable_record_function")
_TRACERS = (
    (torch._C, "_create_function_from_trace"),
    (torch._C, "_create_function_from_trace_with_dict"),
    (torch._C, "_create_graph_by_tracing"),
    (torch._C.ScriptModule, "_create_method_from_trace"),
    (torch._C.ScriptModule, "_create_method_from_trace_with_dict"),
    (proxy_tensor, "dispatch_trace"),
    (proxy_tensor._MakefxTracer, "trace"),
    (proxy_tensor._MakefxTracer, "trace_subgraph"),
)


def disable() -> None:
    """Takes away what would switch a record off, and what turns a run into compiled code.

    A trace of autograd is a formula for the gradient that PyTorch has worked out, and that looks
    like any other when it runs.
    """
    found = {id(getattr(torch._C._autograd, name)) for name in _RECORDERS}
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] == "torch" and module is not None:
            space = vars(module)
            for name in [name for name, value in space.items() if id(value) in found]:
                del space[name]
    for owner, name in _TRACERS:
        if hasattr(owner, name):
            setattr(owner, name, frame_proxies.opaque(_no_trace))


def _no_trace(*_: Any, **__: Any) -> NoReturn:
    raise PermissionError("tracing a function is not possible while your file is checked")
