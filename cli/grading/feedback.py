"""Owns what `chainrule grade` prints of an exercise beside its checks: numbers, tables, source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

_COSTS = {
    "saved_tensors": "tensors kept",
    "saved_bytes": "bytes kept",
    "operations": "operations",
    "graph_nodes": "nodes in the graph",
}


def lines(exercise: Json) -> Iterator[str]:
    """Everything of a report's exercise but the plots, in plain lines."""
    details = exercise["details"]
    yield from _exhibit(exercise)
    if "requires_grad" in details:
        yield from _truth(details["requires_grad"])
    if "graph" in details:
        yield from _calls(details["graph"])
    if "cost" in details:
        yield _cost(details["cost"])
    if exercise["snippet"]:
        yield "to see it on your own machine:"
        yield from ("    " + line for line in exercise["snippet"].splitlines())


def _exhibit(exercise: Json) -> Iterator[str]:
    """The first failed check that has numbers."""
    failed = (check for check in exercise["checks"] if check["status"] == "failed")
    exhibit = next((check["exhibit"] for check in failed if check["exhibit"]), None)
    if exhibit is None:
        return
    given = [f"{one['name']} = {_values(one)}" for one in exhibit["input"] + exhibit["upstream"]]
    yield f"with {', '.join(given)}"
    if exhibit["expected"]:
        yield f"{exhibit['what']}: expected {_values(exhibit['expected'])}"
        yield f"{' ' * len(exhibit['what'])}  yours    {_values(exhibit['got'])}"


def _values(tensor: Json | None) -> str:
    if tensor is None:
        return "nothing"
    return tensor["dtype"] if tensor["values"] is None else str(tensor["values"])


def _truth(table: Json) -> Iterator[str]:
    """The rows of the truth table that are not as they should be."""
    for row in table["rows"]:
        if row["right"] and not row["wasted"]:
            continue
        needs = ", ".join(
            f"{name} {need}" for name, need in zip(table["inputs"], row["needs"], strict=True)
        )
        if row["error"]:
            yield f"requires_grad {needs}: {row['error']}"
            continue
        came = ", ".join(one or "nothing" for one in row["returned"])
        wasted = f"; for nothing: {', '.join(row['wasted'])}" if row["wasted"] else ""
        yield f"requires_grad {needs}: {came}; expected {', '.join(row['expected'])}{wasted}"


def _calls(graph: Json) -> Iterator[str]:
    labels = [call["label"] for call in graph["calls"]]
    yield f"calls: {', '.join(labels)}"
    if graph["expected_calls"] not in (None, labels):
        yield f"  expected: {', '.join(graph['expected_calls'])}"


def _cost(cost: Json) -> str:
    counts = [
        f"{cost['yours'][key]} {name} (reference {cost['reference'][key]})"
        for key, name in _COSTS.items()
        if key in cost["yours"]
    ]
    return f"cost: {', '.join(counts)}"
