"""Owns one probe of an ordinary run: the calls, the engine's backward passes, the graph."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from functools import partial
from typing import Any

from torch.autograd.function import BackwardCFunction

from ..hardening import trusted_torch
from . import op_record, tensors
from .packing import echo, outputs_after, prepared

globals()["__builtins__"] = vars(builtins).copy()

_NODES = 1000
"""Nodes of a graph that are told of."""
_Node = BackwardCFunction

Callables = dict[str, Any]


def runner(
    callables: Callables,
    given: list[Any],
    *,
    is_own: Callable[[Any], bool],
    describe: Callable[[BaseException], dict[str, Any]],
    limit: int,
) -> Callable[[dict[str, Any]], tuple[dict[str, Any], bytes] | None]:
    """A function that runs one probe of the request and gives its frame, or None if it cannot run.

    `callables` holds what to call by slug, `given` the request's tensors; `describe` describes an
    exception, `limit` is the greatest number of bytes in a frame's body.
    """

    def run(probe: dict[str, Any]) -> tuple[dict[str, Any], bytes] | None:
        if any(step["entry"] not in callables for step in probe["steps"]):
            return None
        with trusted_torch.inference_mode(False):  # a file may have left it on
            return ran(probe)

    def ran(probe: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        made = prepared(probe, given, limit)
        seen = op_record.Record()
        trusted_torch.set_grad_enabled(True)
        if "record" in probe["watch"]:
            seen.start()
        try:
            _forward(probe, callables, made)
            _go_back(probe, made, seen, is_own)
        except BaseException as raised:  # a submission may raise anything
            _end_modes()
            made.error = {"phase": made.phase, **describe(raised)}
        finally:
            _end_modes()
        seen.stop()
        # From here on nothing of the file's runs any more: no collector, no mode, no hook.
        return _frame(probe, made, seen), b"".join(made.parts)

    return run


def _end_modes() -> None:
    """Ends the modes that would stand between us and tensors."""
    while trusted_torch.function_modes():
        trusted_torch.pop_function_mode()
    while trusted_torch.dispatch_modes():
        trusted_torch.pop_dispatch_mode()


def _forward(probe: dict[str, Any], callables: Callables, made: types.SimpleNamespace) -> None:
    values = [*made.inputs]
    for step in probe["steps"]:
        values.append(callables[step["entry"]](*[values[at] for at in step["args"]]))
    _end_modes()
    made.outputs = [values[at] for at in probe["outputs"]]


def _go_back(
    probe: dict[str, Any],
    made: types.SimpleNamespace,
    seen: op_record.Record,
    is_own: Callable[[Any], bool],
) -> None:
    """From outputs that are tensors back to the inputs, after a look at the graph between them."""
    if not _pack_outputs(made, seen):
        return
    if "graph" in probe["watch"]:
        _look_behind(made, seen, is_own)
    made.phase = "backward"
    _backward(probe, made)


def _pack_outputs(made: types.SimpleNamespace, seen: op_record.Record) -> bool:
    """Packs the outputs before anything can change them; whether all of them are tensors.

    Of whatever else they are, the file's own code may say what it is: that is recorded.
    """
    plain = all(map(tensors.is_tensor, made.outputs))
    pack = partial(made.pack, made.outputs, nothing=False)
    made.sent = seen.aside(pack) if plain else pack()
    return plain


def _backward(probe: dict[str, Any], made: types.SimpleNamespace) -> None:
    """Fills in the gradients of the inputs after as many backward passes as asked for.

    That is what the last of them gave; where they are for different outputs, what any gave.
    """
    wanted = [at for at, (_, _, needs) in enumerate(probe["inputs"]) if needs]
    made.grads = [None] * len(made.inputs)
    live = [at for at, output in enumerate(made.outputs) if trusted_torch.requires_grad(output)]
    if not live:
        return
    apart = probe["apart"]
    parts = [live[1:2], live[:1] + live[2:]] if apart else [live] * probe["backwards"]
    passes = [part for part in parts if part]
    for number, starts in enumerate(passes, 1):
        found = trusted_torch.run_backward(
            trusted_torch.engine,
            tuple(made.outputs[at] for at in starts),
            tuple(made.upstream[at] for at in starts),
            number < len(passes) and not apart,
            False,
            tuple(made.inputs[at] for at in wanted),
            allow_unreachable=True,
            accumulate_grad=False,
        )
        for at, grad in zip(wanted, found, strict=True):
            if grad is not None or not apart:
                made.grads[at] = grad


def _look_behind(
    made: types.SimpleNamespace, seen: op_record.Record, is_own: Callable[[Any], bool]
) -> None:
    made.graph, own, whole = _graph(made.outputs, made.inputs, is_own)
    made.saved = _saved(own)
    if not whole:
        seen.unseen = "graph"


def _graph(
    outputs: list[Any], inputs: list[Any], is_own: Callable[[Any], bool]
) -> tuple[list[dict[str, Any]], list[Any], bool]:
    """The graph behind the outputs as plain data, its nodes of the file's own Functions, and
    whether that is the whole of it."""
    waiting = [
        trusted_torch.grad_fn(output) for output in outputs if trusted_torch.requires_grad(output)
    ]
    ids: dict[Any, int] = {}
    told: list[dict[str, Any]] = []
    own: list[Any] = []
    while waiting and len(ids) < _NODES:
        node = waiting.pop(0)
        if node in ids:
            continue
        ids[node] = len(ids)
        custom = isinstance(node, _Node)
        following = trusted_torch.next_functions(node) if custom else node.next_functions
        after = list(dict.fromkeys(each for each, _ in following if each is not None))
        waiting += after
        mine = custom and is_own(type(node)._forward_cls)
        if mine:
            own.append(node)
        name = str(trusted_torch.name(node) if custom else node.name())[:100]
        one: dict[str, Any] = {"id": ids[node], "name": name, "own": mine, "next": after}
        told.append(one | _leaf(node, inputs))
    for one in told:
        one["next"] = [ids[node] for node in one["next"] if node in ids]
    return told, own, not waiting


def _leaf(node: Any, inputs: list[Any]) -> dict[str, int]:
    """Which input a leaf of the graph stands for, as an item of its node."""
    if type(node).__name__ != "AccumulateGrad":
        return {}
    variable = node.variable
    at = next((at for at, one in enumerate(inputs) if one is variable), None)
    return {} if at is None else {"input": at}


def _saved(own: list[Any]) -> dict[str, int]:
    """How much the file's own nodes keep: saved tensors, and tensors put on `ctx`."""
    kept: list[Any] = []
    for node in own:
        kept += trusted_torch.saved_tensors(node)
        kept += vars(node).values()
    sizes = [tensors.size_of(value) for value in kept if tensors.is_tensor(value)]
    return {"tensors": len(sizes), "bytes": sum(sizes)}


def _frame(
    probe: dict[str, Any], made: types.SimpleNamespace, seen: op_record.Record
) -> dict[str, Any]:
    """What came of a probe; what is empty is left out, as most of it mostly is."""
    pack = made.pack
    after = outputs_after(made) if probe["echo"] else []
    found = {
        "outputs": made.sent,
        "grads": pack(made.grads),
        "echo": pack(echo(made)) if probe["echo"] else [],
        "outputs_after": pack(after, nothing=False),
        "error": made.error,
        "graph": made.graph,
        "output_requires_grad": [
            tensors.is_tensor(output) and trusted_torch.requires_grad(output)
            for output in made.outputs
        ],
        "saved": made.saved,
        "derivatives": seen.derivatives,
        "unseen": seen.unseen,
    }
    told = {field: value for field, value in found.items() if value or value == 0}
    return {"type": "probe", "id": probe["id"]} | told
