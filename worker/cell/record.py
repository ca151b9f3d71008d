"""Owns PyTorch's own record of a probe: which derivatives were evaluated, how many operations ran.

It is written in C, for each operation and each node of a graph, whoever called it and in whatever
way, so nothing that a file does in Python keeps anything out of it. What could switch it off is
taken out of torch before any file runs (`doors`); a record that is broken all the same says so.
"""

from __future__ import annotations

import builtins
import gc
import re
import types
from collections.abc import Callable
from typing import TypeVar

from . import natives

globals()["__builtins__"] = vars(builtins).copy()

_RUN = "autograd::engine::evaluate_function: "
"""What stands before the name of a node that the engine evaluates."""
_BUILT_IN = re.compile(r"Backward\d+$")
"""How PyTorch's nodes end; those of Functions written in Python have no digit."""
_LEAF = "torch::autograd::AccumulateGrad"
_ENGINES = ("autograd::", "torch::")
"""How the names begin of what a record has beside operations: the engine's own steps."""
_MOST = 64
_is_on, _off, _on = gc.isenabled, gc.disable, gc.enable
T = TypeVar("T")
_harmless: set[str] = {""}
"""Names that tell of no derivative: looked at once, since a run has thousands of them."""


def start(seen: types.SimpleNamespace) -> None:
    """Records from now on, into `seen` at the end."""
    try:
        natives.start_recording()
    except RuntimeError:  # a profiler that the file has left on
        try:
            natives.stop_other_recording()
            natives.start_recording()
        except RuntimeError:
            seen.unseen = "profiler"
            return
    seen.recording = True


def aside(work: Callable[[], T]) -> T:
    """What `work` of our own gives. Its operations are not recorded, which would take far longer
    than they do.

    Nothing of the file's may run meanwhile: the collector rests, as it would run finalisers.
    """
    was_on = _is_on()
    _off()
    natives.set_recorded(False)
    try:
        return work()
    finally:
        natives.set_recorded(True)
        if was_on:
            _on()


def stop(seen: types.SimpleNamespace, counts: bool) -> None:
    """Fills in `seen.derivatives`, and `seen.operations` where they are to be counted."""
    if not seen.recording:
        return
    seen.recording = False
    try:
        threads = natives.stop_recording()
    except RuntimeError:  # the file has stopped it
        seen.unseen = "profiler"
        return
    for events in threads:
        telling = {*map(natives.event_name, events)} - _harmless
        for name in [*telling]:
            if not _tells(_node(name)):
                _harmless.add(name)
                telling.discard(name)
        if telling:
            _note(seen, events)
        if counts:
            seen.operations = (seen.operations or 0) + _operations(events)


def _node(name: str) -> str:
    return name.removeprefix(_RUN)


def _tells(name: str) -> bool:
    """Whether something of this name is a derivative of PyTorch's own."""
    if name.startswith("aten::"):
        return "_backward" in name or name == "aten::_make_dual"
    return _is_built_in(name) and name != _LEAF


def _is_built_in(name: str) -> bool:
    return name.startswith("torch::") or _BUILT_IN.search(name) is not None


def _is_theirs(name: str) -> bool:
    """Whether a name is that of a Function of Python, of scripted code or of a file's own mark."""
    return bool(name) and "::" not in name and not _is_built_in(name)


def _note(seen: types.SimpleNamespace, events: list[object]) -> None:
    """Notes each derivative by its name, and whether it was evaluated inside of theirs.

    What a node is made of, `select_backward` in `SelectBackward0`, is told by the node.
    """
    around: list[str] = []
    for event in events:
        kind = natives.event_kind(event)
        if kind == "push":
            name = _node(natives.event_name(event))
            if _tells(name) and not (name.startswith("aten::") and any(map(_is_built_in, around))):
                one = {"name": name[:100], "inside": any(map(_is_theirs, around))}
                if one not in seen.derivatives and len(seen.derivatives) < _MOST:
                    seen.derivatives.append(one)
            around.append(name)
        elif kind == "pop" and around:
            around.pop()


def _operations(events: list[object]) -> int:
    """How many operations ran; those that an operation is made of are part of it."""
    count = inside = 0
    open_ones: list[bool] = []
    for event in events:
        kind = natives.event_kind(event)
        if kind == "push":
            name = natives.event_name(event)
            is_operation = "::" in name and not name.startswith(_ENGINES)
            count += is_operation and not inside
            inside += is_operation
            open_ones.append(is_operation)
        elif kind == "pop" and open_ones:
            inside -= open_ones.pop()
    return count
