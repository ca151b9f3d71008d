"""Owns the computation graph of a student's own run, and the order of its calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from graders.judging.exercise_run import ExerciseRun
from graders.judging.provenance import is_leaf
from graders.model.evidence import Call, Node
from graders.model.places import Places

Json = dict[str, Any]

_END = re.compile(r"Backward\d*$")
_MOST_CALLS = 60
_LARGEST = 400
"""Nodes or edges; a page draws a tenth of that."""


def graph(run: ExerciseRun) -> Json | None:
    """The graph of the plain probe; None where it is no more than one Function on its inputs.

    None too where it is larger than anybody would look at.
    """
    basic = run.basic
    result, calls = run.ordinary(basic), run.calls(basic)
    if result is None or not result.graph:
        return None
    inner = [node for node in result.graph if not is_leaf(node)]
    if len(inner) < 2 and not run.exercise.steps:
        return None
    output = max(node.id for node in result.graph) + 1
    nodes = [_told(node, run.names) for node in result.graph]
    edges = {(after, node.id): None for node in result.graph for after in node.next}
    if max(len(nodes), len(edges)) > _LARGEST:
        return None
    return {
        "nodes": [*nodes, {"id": output, "label": _result(run), "kind": "output"}],
        "edges": [list(edge) for edge in (*edges, (result.graph[0].id, output))],
        "calls": [_call(call, run.evidence.places) for call in calls[:_MOST_CALLS]],
        "expected_calls": _expected(run, calls),
    }


def _call(call: Call, places: Places) -> Json:
    told: Json = {"label": f"{call.which} {call.cls}", "line": call.line}
    return told | ({"place": places.spoken(call.line)} if call.line and places.cells else {})


def _told(node: Node, names: tuple[str, ...]) -> Json:
    if node.input is not None and node.input < len(names):
        return {"id": node.id, "label": names[node.input], "kind": "input"}
    kind = "own" if node.own else "builtin"
    label = "another leaf" if is_leaf(node) else _END.sub("", node.name)
    return {"id": node.id, "label": label, "kind": kind}


def _result(run: ExerciseRun) -> str:
    steps = run.exercise.steps
    name = steps[-1].result if steps else "y"
    return name if name not in run.names else "result"


def _expected(run: ExerciseRun, calls: Sequence[Call]) -> list[str] | None:
    """Forward in the order of the steps, backward the other way round; None where nobody can say.

    A step that is itself composed of several Functions may run them in any order that works.
    """
    steps = run.exercise.steps
    forwards: list[Call] = [call for call in calls if call.which == "forward"]
    if not steps or len(forwards) != len(steps):
        return None
    names = [call.cls for call in forwards]
    return [f"forward {n}" for n in names] + [f"backward {n}" for n in reversed(names)]
