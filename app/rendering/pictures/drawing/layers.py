"""Owns how a small directed acyclic graph is laid out in layers, from sources on to sinks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Node = Hashable
Edge = tuple[Node, Node]
_SWEEPS = 6


@dataclass(frozen=True)
class Layout:
    """Where nodes stand: a layer from 0 on, and a height in slots around 0.

    A route lists what an edge passes: its source, places in the layers between, its target.
    """

    layers: int
    places: Mapping[Node, tuple[int, float]]
    routes: Sequence[Sequence[Node]]


def layered(nodes: Sequence[Node], edges: Iterable[Edge], last: Iterable[Node] = ()) -> Layout:
    """Each node right of all that lead to it, those of `last` in the last layer.

    An edge that would close a cycle, or leads to no node, is left out.
    """
    kept = _acyclic(nodes, edges)
    level = _levels(nodes, kept)
    deepest = max(level.values(), default=0)
    ahead = {one for one, _ in kept}
    level |= {node: deepest for node in last if node in level and node not in ahead}
    routes = [_route(one, two, level) for one, two in kept]
    columns: list[list[Node]] = [[] for _ in range(deepest + 1)]
    for node in nodes:
        columns[level[node]].append(node)
    for route in routes:
        for step, place in enumerate(route[1:-1], level[route[0]] + 1):
            columns[step].append(place)
    _untangle(columns, routes)
    places = {
        node: (number, slot - (len(column) - 1) / 2)
        for number, column in enumerate(columns)
        for slot, node in enumerate(column)
    }
    return Layout(len(columns), places, routes)


def _acyclic(nodes: Sequence[Node], edges: Iterable[Edge]) -> list[Edge]:
    ahead: dict[Node, list[Node]] = {node: [] for node in nodes}
    kept = []
    for one, two in dict.fromkeys(edges):
        if one in ahead and two in ahead and not _leads(ahead, two, one):
            ahead[one].append(two)
            kept.append((one, two))
    return kept


def _leads(ahead: Mapping[Node, Sequence[Node]], start: Node, goal: Node) -> bool:
    seen, left = {start}, [start]
    while left:
        node = left.pop()
        if node == goal:
            return True
        left += [n for n in ahead[node] if n not in seen]
        seen.update(ahead[node])
    return False


def _levels(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[Node, int]:
    """The length of the longest way to each node."""
    level = dict.fromkeys(nodes, 0)
    for _ in nodes:
        late = [(one, two) for one, two in edges if level[two] <= level[one]]
        for one, two in late:
            level[two] = max(level[two], level[one] + 1)
        if not late:
            break
    return level


def _route(one: Node, two: Node, level: Mapping[Node, int]) -> list[Node]:
    between = [("via", one, two, step) for step in range(level[one] + 1, level[two])]
    return [one, *between, two]


def _untangle(columns: list[list[Node]], routes: Sequence[Sequence[Node]]) -> None:
    """Order each column by the middle of its neighbours, to and fro, so that few edges cross."""
    before, after = defaultdict(list), defaultdict(list)
    for route in routes:
        for one, two in pairwise(route):
            after[one].append(two)
            before[two].append(one)
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        order = range(1, len(columns)) if forth else range(len(columns) - 2, -1, -1)
        for number in order:
            beside = columns[number - 1 if forth else number + 1]
            height = {node: slot - (len(beside) - 1) / 2 for slot, node in enumerate(beside)}
            _sort(columns[number], before if forth else after, height)


def _sort(
    column: list[Node], neighbours: Mapping[Node, list[Node]], height: Mapping[Node, float]
) -> None:
    own = {node: slot - (len(column) - 1) / 2 for slot, node in enumerate(column)}

    def middle(node: Node) -> float:
        seen = [height[n] for n in neighbours.get(node, [])]
        return sum(seen) / len(seen) if seen else own[node]

    column.sort(key=middle)
