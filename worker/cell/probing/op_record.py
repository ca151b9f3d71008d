"""Owns PyTorch's own record of a probe: which derivatives were evaluated.

It is asked for only where autograd cannot be taken out of a process. It is written in C, for each
operation and each node of a graph, whoever called it and in whatever way, so nothing that a file
does in Python keeps anything out of it. What could switch it off is taken out of torch before any
file runs (`recording_switches`); a record that is broken all the same says so.
"""

from __future__ import annotations

import builtins
import gc
import re
from collections.abc import Callable
from typing import Any, TypeVar

from ..hardening import trusted_torch

globals()["__builtins__"] = vars(builtins).copy()

_RUN = "autograd::engine::evaluate_function: "
"""What stands before the name of a node that the engine evaluates."""
_BUILT_IN = re.compile(r"Backward\d+$")
"""How PyTorch's nodes end; those of Functions written in Python have no digit."""
_LEAF = "torch::autograd::AccumulateGrad"
_MOST = 64
_is_on, _off, _on = gc.isenabled, gc.disable, gc.enable
T = TypeVar("T")
_harmless: set[str] = {""}
"""Names that tell of no derivative: looked at once, since a run has thousands of them."""


class Record:
    """The record of one probe. `derivatives` are those of PyTorch's that were evaluated, `unseen`
    says why not all could be seen, if so: "profiler" or "graph"."""

    def __init__(self) -> None:
        self.derivatives: list[dict[str, Any]] = []
        self.unseen = ""
        self._recording = False

    def start(self) -> None:
        """Records from now on."""
        try:
            trusted_torch.start_recording()
        except RuntimeError:  # a profiler that the file has left on
            try:
                trusted_torch.stop_other_recording()
                trusted_torch.start_recording()
            except RuntimeError:
                self.unseen = "profiler"
                return
        self._recording = True

    def aside(self, work: Callable[[], T]) -> T:
        """What `work` of our own gives. Its operations are not recorded, which would take far
        longer than they do.

        Nothing of the file's may run meanwhile: the collector rests, as it would run finalisers.
        """
        if not self._recording:
            return work()
        was_on = _is_on()
        _off()
        trusted_torch.set_recorded(False)
        try:
            return work()
        finally:
            trusted_torch.set_recorded(True)
            if was_on:
                _on()

    def stop(self) -> None:
        """Fills in `derivatives`."""
        if not self._recording:
            return
        self._recording = False
        try:
            threads = trusted_torch.stop_recording()
        except RuntimeError:  # the file has stopped it
            self.unseen = "profiler"
            return
        for events in threads:
            telling = {*map(trusted_torch.event_name, events)} - _harmless
            for name in [*telling]:
                if not _tells(_node(name)):
                    _harmless.add(name)
                    telling.discard(name)
            if telling:
                _note(self.derivatives, events)


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


def _note(derivatives: list[dict[str, Any]], events: list[object]) -> None:
    """Notes each derivative by its name, and whether it was evaluated inside of theirs.

    What a node is made of, `select_backward` in `SelectBackward0`, is told by the node.
    """
    around: list[str] = []
    for event in events:
        kind = trusted_torch.event_kind(event)
        if kind == "push":
            name = _node(trusted_torch.event_name(event))
            if _tells(name) and not (name.startswith("aten::") and any(map(_is_built_in, around))):
                one = {"name": name[:100], "inside": any(map(_is_theirs, around))}
                if one not in derivatives and len(derivatives) < _MOST:
                    derivatives.append(one)
            around.append(name)
        elif kind == "pop" and around:
            around.pop()
