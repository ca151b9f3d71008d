"""Owns one probe: fresh inputs, the calls, the backward passes, and everything to tell of them."""

from __future__ import annotations

import builtins
import types
from collections.abc import Callable
from functools import partial
from typing import Any

from torch.autograd.function import BackwardCFunction

from . import natives, record, tensors, watch

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
    line_of_method: watch.LineOf,
    told: Callable[[BaseException], dict[str, Any]],
    limit: int,
) -> Callable[[dict[str, Any]], tuple[dict[str, Any], bytes] | None]:
    """A function that runs one probe of the request and gives its frame, or None if it cannot run.

    `callables` holds what to call by slug, `given` the request's tensors; `told` describes an
    exception, `limit` is the greatest number of bytes in a frame's body.
    """

    def run(probe: dict[str, Any]) -> tuple[dict[str, Any], bytes] | None:
        if any(step["entry"] not in callables for step in probe["steps"]):
            return None
        with natives.inference_mode(False):  # a file may have left it on
            return ran(probe)

    def ran(probe: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        made = _prepared(probe, given, limit)
        seen = watch.watch(line_of_method)
        natives.set_grad_enabled(True)
        if "record" in probe["watch"]:
            record.start(seen)
        try:
            _forward(probe, callables, made, seen)
            if _pack_outputs(made):
                if "graph" in probe["watch"]:
                    _look_behind(made, seen, is_own)
                made.phase = "backward"
                _backward(probe, made, seen)
        except BaseException as raised:  # a submission may raise anything
            watch.stop(seen)
            made.error = {"phase": made.phase, **told(raised)}
        finally:
            watch.stop(seen)
        record.stop(seen, counts="operations" in probe["watch"])
        # From here on nothing of the file's runs any more: no collector, no mode, no hook.
        return _told(probe, made, seen), b"".join(made.parts)

    return run


def _prepared(probe: dict[str, Any], given: list[Any], limit: int) -> types.SimpleNamespace:
    """Fresh tensors for a probe, and room for what comes of them."""
    parts, pack = _packer(limit)
    return types.SimpleNamespace(
        inputs=[
            tensors.fresh(given[at], layout, requires_grad)
            for at, layout, requires_grad in probe["inputs"]
        ],
        upstream=[tensors.laid_out(given[at], layout) for at, layout in probe["upstream"]],
        given=[given[at] for at, *_ in (*probe["inputs"], *probe["upstream"])],
        outputs=[],
        sent=[],
        grads=[],
        phase="forward",
        error=None,
        graph=[],
        saved=None,
        limit=limit,
        parts=parts,
        pack=pack,
    )


def _forward(
    probe: dict[str, Any],
    callables: Callables,
    made: types.SimpleNamespace,
    seen: types.SimpleNamespace,
) -> None:
    values = [*made.inputs]
    if "calls" in probe["watch"]:
        watch.start(seen)
    for step in probe["steps"]:
        values.append(callables[step["entry"]](*[values[at] for at in step["args"]]))
    watch.stop(seen)
    made.outputs = [values[at] for at in probe["outputs"]]


def _pack_outputs(made: types.SimpleNamespace) -> bool:
    """Packs the outputs before anything can change them; whether all of them are tensors.

    Of whatever else they are, the file's own code may say what it is: that is recorded.
    """
    plain = all(map(tensors.is_tensor, made.outputs))
    pack = partial(made.pack, made.outputs, nothing=False)
    made.sent = record.aside(pack) if plain else pack()
    return plain


def _backward(
    probe: dict[str, Any], made: types.SimpleNamespace, seen: types.SimpleNamespace
) -> None:
    """Fills in the gradients of the inputs after as many backward passes as asked for.

    That is what the last of them gave; where they are for different outputs, what any gave.
    """
    wanted = [at for at, (_, _, needs) in enumerate(probe["inputs"]) if needs]
    made.grads = [None] * len(made.inputs)
    live = [at for at, output in enumerate(made.outputs) if natives.requires_grad(output)]
    if not live:
        return
    apart = probe["apart"]
    parts = [live[1:2], live[:1] + live[2:]] if apart else [live] * probe["backwards"]
    passes = [part for part in parts if part]
    if "calls" in probe["watch"]:
        watch.start(seen)
    for number, starts in enumerate(passes, 1):
        watch.excuse(seen)
        found = natives.run_backward(
            natives.engine,
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
    made: types.SimpleNamespace, seen: types.SimpleNamespace, is_own: Callable[[Any], bool]
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
    waiting = [natives.grad_fn(output) for output in outputs if natives.requires_grad(output)]
    ids: dict[Any, int] = {}
    told: list[dict[str, Any]] = []
    own: list[Any] = []
    while waiting and len(ids) < _NODES:
        node = waiting.pop(0)
        if node in ids:
            continue
        ids[node] = len(ids)
        custom = isinstance(node, _Node)
        following = natives.next_functions(node) if custom else node.next_functions
        after = list(dict.fromkeys(each for each, _ in following if each is not None))
        waiting += after
        mine = custom and is_own(type(node)._forward_cls)
        if mine:
            own.append(node)
        name = str(natives.name(node) if custom else node.name())[:100]
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
        kept += natives.saved_tensors(node)
        kept += vars(node).values()
    sizes = [tensors.size_of(value) for value in kept if tensors.is_tensor(value)]
    return {"tensors": len(sizes), "bytes": sum(sizes)}


def _packer(limit: int) -> tuple[list[bytes], Callable[..., list[Any]]]:
    """The parts of a frame's body, and a function that adds values and gives their descriptions.

    None stays None where `nothing` says that it has a meaning; elsewhere it is an oddity.
    """
    parts: list[bytes] = []
    at = 0

    def pack(values: Any, nothing: bool = True) -> list[Any]:
        nonlocal at
        packed: list[Any] = []
        for value in values:
            if value is None and nothing:
                packed.append(None)
            else:
                header, at = tensors.pack(value, parts, at, limit)
                packed.append(header)
        return packed

    return parts, pack


def _echo(made: types.SimpleNamespace) -> list[Any]:
    """The inputs and upstream gradients, if any of them is not what it was any more."""
    now = [*made.inputs, *made.upstream]
    same = all(tensors.same(one, was) for one, was in zip(now, made.given, strict=True))
    return [] if same else now


def _outputs_after(made: types.SimpleNamespace) -> list[Any]:
    """The outputs, if they are not any more what they were when they were packed, first of all."""
    parts = iter(made.parts)
    same = all(tensors.is_still(*one, parts) for one in zip(made.outputs, made.sent, strict=False))
    return [] if same else made.outputs


def _told(
    probe: dict[str, Any], made: types.SimpleNamespace, seen: types.SimpleNamespace
) -> dict[str, Any]:
    """What came of a probe; what is empty is left out, as most of it mostly is."""
    pack, error = made.pack, made.error
    outputs_after = _outputs_after(made) if probe["echo"] else []
    echo = _echo(made) if probe["echo"] else []
    found = {
        "outputs": made.sent,
        "grads": pack(made.grads),
        "echo": pack(echo),
        "outputs_after": pack(outputs_after, nothing=False),
        "error": error,
        "calls": [_call(call, pack if error is not None else None) for call in seen.calls],
        "graph": made.graph,
        "output_requires_grad": [
            tensors.is_tensor(output) and natives.requires_grad(output) for output in made.outputs
        ],
        "saved": made.saved,
        "autograd": seen.loose,
        "derivatives": seen.derivatives,
        "unseen": seen.unseen,
        "operations": seen.operations,
    }
    told = {field: value for field, value in found.items() if value or value == 0}
    return {"type": "probe", "id": probe["id"]} | told


def _call(call: dict[str, Any], pack: Callable[..., list[Any]] | None) -> dict[str, Any]:
    """A call as plain data. What backward returned matters only where the engine refused it."""
    plain = {field: value for field, value in call.items() if field != "returned"}
    return plain if pack is None else plain | {"returned": pack(call["returned"])}
