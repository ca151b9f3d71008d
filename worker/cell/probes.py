"""Owns one probe: fresh inputs, the calls, the backward passes, and everything to tell of them."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.function import BackwardCFunction

from . import tensors
from .watch import watcher

__builtins__: dict[str, Any] = vars(builtins).copy()

_NODES = 200
"""Nodes of a graph that are told of."""

_engine = torch.autograd.Variable._execution_engine
_run_backward = type(_engine).run_backward
_set_grad_enabled = torch._C._set_grad_enabled
_grad_fn = torch._C.TensorBase.grad_fn.__get__
_requires_grad = torch._C.TensorBase.requires_grad.__get__
_gradient_edge = torch._C._FunctionBase
_next_functions, _name = _gradient_edge.next_functions.__get__, _gradient_edge.name
_saved_tensors = _gradient_edge.saved_tensors.__get__


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


def _graph(
    outputs: list[Any], inputs: list[Any], is_own: Callable[[Any], bool]
) -> tuple[list[dict[str, Any]], list[Any]]:
    """The graph behind the outputs as plain data, and its nodes of the file's own Functions."""
    waiting = [_grad_fn(output) for output in outputs if _requires_grad(output)]
    nodes: list[Any] = []
    ids: dict[Any, int] = {}
    told: list[dict[str, Any]] = []
    own: list[Any] = []
    while waiting and len(nodes) < _NODES:
        node = waiting.pop(0)
        if node is None or node in ids:
            continue
        ids[node] = len(nodes)
        nodes.append(node)
        custom = isinstance(node, BackwardCFunction)
        following = _next_functions(node) if custom else node.next_functions
        waiting += [following_node for following_node, _ in following]
        mine = custom and is_own(type(node)._forward_cls)
        if mine:
            own.append(node)
        told.append(
            {
                "id": ids[node],
                "name": str(_name(node) if custom else node.name())[:100],
                "own": mine,
                "next": [each for each, _ in following if each is not None],
                **_leaf(node, inputs),
            }
        )
    for one in told:
        one["next"] = [ids[node] for node in one["next"] if node in ids]
    return told, own


def _leaf(node: Any, inputs: list[Any]) -> dict[str, int]:
    """Which input a leaf of the graph stands for, as an item of its node."""
    if type(node).__name__ != "AccumulateGrad":
        return {}
    variable = node.variable
    return {"input": at for at, one in enumerate(inputs) if one is variable}


def _saved(own: list[Any]) -> dict[str, int]:
    """How much the file's own nodes keep: saved tensors, and tensors put on `ctx`."""
    kept: list[Any] = []
    for node in own:
        kept += _saved_tensors(node)
        kept += vars(node).values()
    sizes = [tensors.size_of(value) for value in kept if tensors.is_tensor(value)]
    return {"tensors": len(sizes), "bytes": sum(sizes)}


def runner(
    callables: dict[str, Any],
    given: list[Any],
    *,
    is_own: Callable[[Any], bool],
    line_of_class: Callable[[Any], int | None],
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
        start, skip, stop, report = watcher(line_of_class)
        inputs = [
            tensors.fresh(given[one["tensor"]], one["layout"], one["requires_grad"])
            for one in probe["inputs"]
        ]
        upstream = [tensors.laid_out(given[u["tensor"]], u["layout"]) for u in probe["upstream"]]
        values, outputs, grads, error, graph, own = list(inputs), [], [], None, [], []
        saved = {"tensors": 0, "bytes": 0}
        phase = "forward"
        _set_grad_enabled(True)
        start(probe["watch"])
        try:
            for step in probe["steps"]:
                values.append(callables[step["entry"]](*[values[at] for at in step["args"]]))
            stop()
            outputs = [values[at] for at in probe["outputs"]]
            if all(tensors.is_tensor(output) for output in outputs):
                graph, own = _graph(outputs, inputs, is_own)
                saved = _saved(own)
                phase = "backward"
                start(probe["watch"])
                grads = _backward(probe, inputs, outputs, upstream, skip)
        except BaseException as raised:  # noqa: BLE001, RUF100 - a submission may raise anything
            stop()
            error = {"phase": phase, **told(raised)}
        finally:
            stop()
        return _frame(probe, inputs, upstream, outputs, grads, error, report, graph, saved, limit)

    return run


def _backward(
    probe: dict[str, Any], inputs: list[Any], outputs: list[Any], upstream: list[Any], skip: Any
) -> list[Any]:
    """The gradients of the inputs, one for each, after as many backward passes as asked for."""
    wanted = [at for at, one in enumerate(probe["inputs"]) if one["requires_grad"]]
    grads: list[Any] = [None] * len(inputs)
    live = [at for at, output in enumerate(outputs) if _requires_grad(output)]
    if not live:
        return grads
    for left in range(probe["backwards"] - 1, -1, -1):
        skip()
        found = _run_backward(
            _engine,
            tuple(outputs[at] for at in live),
            tuple(upstream[at] for at in live),
            left > 0,
            False,
            tuple(inputs[at] for at in wanted),
            allow_unreachable=True,
            accumulate_grad=False,
        )
        for at, grad in zip(wanted, found, strict=True):
            grads[at] = grad
    return grads


def _frame(
    probe: dict[str, Any],
    inputs: list[Any],
    upstream: list[Any],
    outputs: list[Any],
    grads: list[Any],
    error: dict[str, Any] | None,
    report: Callable[[], tuple[list[dict[str, Any]], list[str]]],
    graph: list[dict[str, Any]],
    saved: dict[str, int],
    limit: int,
) -> tuple[dict[str, Any], bytes]:
    """The header and the body that tell of a probe."""
    parts, pack = _packer(limit)
    calls, loose = report()
    header = {
        "type": "probe",
        "id": probe["id"],
        "outputs": pack(outputs, nothing=False),
        "grads": pack(grads),
        "echo": pack([*inputs, *upstream] if probe["echo"] else []),
        "error": error,
        # What backward returned matters only where the engine then refused it.
        "calls": [
            call | {"returned": pack(call["returned"]) if error is not None else []}
            for call in calls
        ],
        "graph": graph,
        "output_requires_grad": [
            tensors.is_tensor(output) and _requires_grad(output) for output in outputs
        ],
        "saved": saved,
        "autograd": loose,
    }
    return header, b"".join(parts)
