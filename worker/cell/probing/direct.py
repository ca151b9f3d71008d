"""Owns one probe of a direct run: forward and backward called by the grader, without autograd.

Nothing here has to be kept from a file: numbers that come out right were worked out by it, since
there is nothing in the process that could have derived them. What must not be in reach of it is
a way to the machine's memory, so a file is shown no function of ours.
"""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from torch.autograd.function import Function

from ..hardening import frame_proxies
from ..hardening.autograd_removal import Touches
from . import observation, tensors
from .packing import echo, outputs_after, prepared
from .tape import LineOf, Tape, outside_of_probes

globals()["__builtins__"] = vars(builtins).copy()

_BOUND = types.MethodType
_running: list[Tape] = []
"""The tape of the probe that runs, if one does."""


def install() -> None:
    """Has `apply` of every Function go through the tape of the probe that runs."""

    def apply(cls: Any, *args: Any, **_: Any) -> Any:
        return _running[-1].apply(cls, args) if _running else outside_of_probes(cls, args)

    shown = frame_proxies.opaque(apply)
    shown.__name__ = shown.__qualname__ = "apply"
    Function.apply = classmethod(shown)  # type: ignore[assignment]


class Runner:
    """Runs the probes of a request, one after another.

    `callables` holds what to call by slug, `given` the request's tensors; `describe` describes an
    exception, `limit` is the greatest number of bytes in a frame's body.
    """

    def __init__(
        self,
        callables: dict[str, Any],
        given: list[Any],
        touches: Touches,
        *,
        line_of_method: LineOf,
        line_of_frame: Callable[[Any], int | None],
        describe: Callable[[BaseException], dict[str, Any]],
        limit: int,
    ):
        self._callables, self._given, self._touches = callables, given, touches
        self._line_of_method, self._line_of_frame = line_of_method, line_of_frame
        self._describe, self._limit = describe, limit
        self._applies = {slug: _is_apply(value) for slug, value in callables.items()}

    def __call__(self, probe: dict[str, Any]) -> tuple[dict[str, Any], bytes] | None:
        """The frame of one probe, or None if it cannot run."""
        if any(step["entry"] not in self._callables for step in probe["steps"]):
            return None
        made = self._prepared(probe)
        self._ask(probe, made)
        closer = "operations" in probe["watch"] and made.error is None
        seen = self._observed(probe) if closer else {}
        return _frame(probe, made, seen), b"".join(made.parts)

    def _prepared(self, probe: dict[str, Any]) -> SimpleNamespace:
        made = prepared(probe, self._given, self._limit)
        made.tape = Tape(self._line_of_method, self._touches)
        return made

    def _ask(self, probe: dict[str, Any], made: SimpleNamespace) -> None:
        self._touches.begin()
        before = self._touches.count()
        _running.append(made.tape)
        try:
            self._forward(probe, made)
            if all(map(tensors.is_tensor, made.outputs)):
                made.phase = "backward"
                _backward(probe, made)
        except BaseException as raised:  # a submission may raise anything
            made.error = {"phase": made.phase, **self._describe(raised)}
        finally:
            _running.clear()
        made.touched = list(self._touches.noted)
        if not made.touched and self._touches.count() > before:
            made.touched = [{"name": "", "line": made.error["line"] if made.error else None}]

    def _forward(self, probe: dict[str, Any], made: SimpleNamespace) -> None:
        for one, (_, _, needs) in zip(made.inputs, probe["inputs"], strict=True):
            if needs:
                made.tape.variable(one)
        values = [*made.inputs]
        for step in probe["steps"]:
            args, slug = [values[at] for at in step["args"]], step["entry"]
            values.append(made.tape.call(self._callables[slug], args, self._applies[slug]))
        made.outputs = [values[at] for at in probe["outputs"]]
        made.sent = made.pack(made.outputs, nothing=False)

    def _observed(self, probe: dict[str, Any]) -> dict[str, Any]:
        """What a closer look at the same once more shows."""
        made = self._prepared(probe)
        _running.append(made.tape)
        try:
            return observation.observe(
                lambda: self._forward(probe, made),
                lambda: _backward(probe, made),
                lambda: bool(made.tape.is_theirs),
                self._line_of_frame,
            )
        finally:
            _running.clear()


def _is_apply(value: Any) -> bool:
    """Whether calling a value does nothing but `apply`."""
    return type(value) is _BOUND and value.__func__ is Function.__dict__["apply"].__func__


def _backward(probe: dict[str, Any], made: SimpleNamespace) -> None:
    """Fills in the gradients of the inputs after as many sweeps as there would be passes."""
    made.grads = [None] * len(made.inputs)
    live = [at for at, one in enumerate(made.outputs) if made.tape.origin(one) is not None]
    made.live = live
    apart = probe["apart"]
    parts = [live[1:2], live[:1] + live[2:]] if apart else [live] * probe["backwards"]
    for part in filter(None, parts):
        found = made.tape.sweep([(made.outputs[at], made.upstream[at]) for at in part])
        for at, one in enumerate(made.inputs):
            origin = made.tape.origin(one)
            grad = None if origin is None else found.get(origin)
            if grad is not None or not apart:
                made.grads[at] = grad


def _frame(probe: dict[str, Any], made: SimpleNamespace, seen: dict[str, Any]) -> dict[str, Any]:
    """What came of a probe; what is empty is left out, as most of it mostly is."""
    pack, error = made.pack, made.error
    after = outputs_after(made) if probe["echo"] else []
    found = {
        "outputs": made.sent,
        "grads": pack(made.grads),
        "echo": pack(echo(made)) if probe["echo"] else [],
        "outputs_after": pack(after, nothing=False),
        "error": error,
        "calls": [_call(call, error is not None, pack) for call in made.tape.calls],
        "output_requires_grad": [at in made.live for at in range(len(made.outputs))],
        "touched": made.touched,
        "computed": made.tape.computed,
        "dropped": made.tape.dropped(made.outputs) if error is None else "",
        **seen,
    }
    told = {field: value for field, value in found.items() if value or value == 0}
    return {"type": "probe", "id": probe["id"]} | told


def _call(call: dict[str, Any], failed: bool, pack: Callable[..., list[Any]]) -> dict[str, Any]:
    """A call as plain data. What backward returned is sent where it raised, or is no gradient."""
    plain = {field: value for field, value in call.items() if field != "returned"}
    odd = any(one is not None and not tensors.is_tensor(one) for one in call["returned"])
    return plain | {"returned": pack(call["returned"])} if failed or odd else plain
