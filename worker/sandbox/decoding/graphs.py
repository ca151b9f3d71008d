"""Owns reading the graph behind a probe's outputs: bounded, whole, and without a circle."""

from __future__ import annotations

from graders.model.evidence import Node
from worker.sandbox.decoding.frames import Violation
from worker.sandbox.decoding.values import ITEMS, flag, line, name, number, record, several

EDGES = 4 * ITEMS
"""Most edges of a graph, those between the same two nodes counted once."""


def _node(value: object) -> Node:
    item = record(value)
    return Node(
        number(item.get("id")),
        name(item.get("name")),
        flag(item.get("own")),
        tuple(dict.fromkeys(several(number, item.get("next")))),
        line(item.get("input")),
    )


def graph(value: object) -> tuple[Node, ...]:
    """Nodes whose ids are unique, whose edges lead to nodes, and which form no circle.

    An edge counts once, however often a node goes that way.
    """
    nodes = several(_node, value)
    if not nodes:
        return nodes
    if sum(len(node.next) for node in nodes) > EDGES:
        raise Violation(f"a graph has more than {EDGES} edges")
    ahead = {node.id: set(node.next) for node in nodes}
    if len(ahead) != len(nodes) or any(not after <= ahead.keys() for after in ahead.values()):
        raise Violation("a graph has an edge that leads nowhere, or a node twice")
    before: dict[int, list[int]] = {one: [] for one in ahead}
    for one, after in ahead.items():
        for two in after:
            before[two].append(one)
    ready = [one for one, after in ahead.items() if not after]
    done = 0
    while ready:
        done += 1
        two = ready.pop()
        for one in before[two]:
            ahead[one].discard(two)
            if not ahead[one]:
                ready.append(one)
    if done != len(nodes):
        raise Violation("a graph goes round in a circle")
    return nodes
