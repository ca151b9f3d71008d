"""Owns the JSON of what a report shows beside its checks; what is not there has nothing to show."""

from __future__ import annotations

from typing import Literal, NotRequired

from pydantic import ConfigDict
from typing_extensions import TypedDict

_OPEN = ConfigDict(extra="allow")


class TruthRow(TypedDict):
    """One combination of `requires_grad`.

    `returned` and `expected` have one item for each input: "tensor", "wrong" (a gradient with wrong
    numbers or a wrong shape) or "none"; `returned` is null where backward gave nothing or raised.
    `wasted` names what was computed for nothing: inputs, a value between two steps, or a Function.
    """

    __pydantic_config__ = _OPEN  # type: ignore[misc]
    needs: list[bool]
    returned: list[Literal["tensor", "wrong", "none"] | None]
    expected: list[Literal["tensor", "none"]]
    wasted: list[str]
    right: bool
    error: str | None


class Truth(TypedDict):
    """Every combination of inputs that need a gradient."""

    inputs: list[str]
    rows: list[TruthRow]


class GraphNode(TypedDict):
    """A node of the computation graph."""

    id: int
    label: str
    kind: Literal["own", "builtin", "input", "output"]


class GraphCall(TypedDict):
    """One call in order: "forward Product"."""

    label: str
    line: int | None
    place: NotRequired[str]


class Graph(TypedDict):
    """The graph of the student's own run; edges lead from inputs to the output."""

    nodes: list[GraphNode]
    edges: list[list[int]]
    calls: list[GraphCall]
    expected_calls: list[str] | None


class Counts(TypedDict):
    """What one forward and one backward cost. Operations are missing where nobody could count."""

    saved_tensors: int
    saved_bytes: int
    graph_nodes: int
    operations: NotRequired[int]


class Measured(TypedDict):
    """An input that a cost was counted with."""

    name: str
    shape: list[int]


class Cost(TypedDict):
    """The student's counts, and those of one good primitive Function."""

    inputs: list[Measured]
    yours: Counts
    reference: Counts


class Curve(TypedDict):
    """An elementwise function over a range of its input; null where no finite number came."""

    input: str
    what: str
    x: list[float]
    expected: list[float | None]
    got: list[float | None]


class Slope(TypedDict):
    """The loss while one entry of an input moves; the entry's own value is in the middle of `x`."""

    input: str
    index: list[int]
    x: list[float]
    y: list[float | None]
    slope_expected: float | None
    slope_got: float | None


class Details(TypedDict, total=False):
    """Tables, graph, cost and plots of one exercise."""

    __pydantic_config__ = _OPEN  # type: ignore[misc]
    requires_grad: Truth
    graph: Graph
    cost: Cost
    curve: Curve
    difference: Slope
