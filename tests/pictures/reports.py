"""Exercises of reports as a judge writes them, in every state that a picture can be in."""

from __future__ import annotations

import math
from typing import Any

Json = dict[str, Any]


def tensor(name: str, values: Any, dtype: str = "float32", shape: list[int] | None = None) -> Json:
    """A tensor of a report; its shape is that of its nested lists, if none is given."""
    return {"name": name, "dtype": dtype, "shape": shape or _shape(values), "values": values}


def _shape(values: Any) -> list[int]:
    shape = []
    while isinstance(values, list):
        shape.append(len(values))
        values = values[0] if values else None
    return shape


def exhibit(what: str, expected: Any, got: Any, inputs: Json | None = None) -> Json:
    """Evidence of a failed check; values are nested lists, None for nothing."""
    return {
        "what": what,
        "input": [tensor(name, values) for name, values in (inputs or {}).items()],
        "upstream": [tensor("dzdy", [1.0])],
        "expected": tensor(what, expected),
        "got": None if got is None else tensor(what, got),
    }


def exercise(title: str, found: Json | None = None, **more: Any) -> Json:
    """An exercise with one failed check."""
    check = {
        "name": "gradient-x1",
        "family": "gradient",
        "status": "failed" if found else "passed",
        "message": "The gradient of `x1` is not right.",
        "exhibit": found,
    }
    return {"slug": title.lower(), "title": title, "checks": [check], "diagnosis": None, **more}


def _row(
    needs: list[bool],
    returned: list[str | None],
    expected: list[str],
    *,
    right: bool,
    wasted: list[str] | None = None,
    error: str | None = None,
) -> Json:
    """What one combination of inputs came to in the truth table."""
    return {
        "needs": needs,
        "returned": returned,
        "expected": expected,
        "wasted": wasted or [],
        "right": right,
        "error": error,
    }


_RAISED = "`x2` was None in forward, line 12"
SWAPPED = exercise(
    "Product",
    exhibit(
        "gradient of `x1`",
        [0.5, -1.25, 2, 1],
        [1.5, -1.25, -0.75, 1],
        {"x1": [1.5, -1.25, -0.75, 1], "x2": [0.5, -1.25, 2, 1]},
    ),
    diagnosis={
        "name": "gradients swapped",
        "hint": "The gradient of `x1` must not change when only `x1` does. Which tensor is in it?",
        "pointer": "Product",
    },
    snippet="import torch\n\nfrom submission import Product\n\n"
    "x1 = torch.tensor([1.5, -1.25, -0.75, 1.0], requires_grad=True)\n"
    "x2 = torch.tensor([0.5, -1.25, 2.0, 1.0], requires_grad=True)\n"
    "Product.apply(x1, x2).backward(torch.ones(4))\nprint(x1.grad)  # should be x2\n",
    details={
        "requires_grad": {
            "inputs": ["x1", "x2"],
            "rows": [
                _row([True, True], ["tensor", "tensor"], ["tensor", "tensor"], right=True),
                _row([True, False], ["tensor"] * 2, ["tensor", "none"], right=True, wasted=["x2"]),
                _row([False, True], ["none", "none"], ["none", "tensor"], right=False),
                _row([False, False], [None] * 2, ["none"] * 2, right=False, error=_RAISED),
            ],
        }
    },
)

TRANSPOSED = exercise(
    "Matrix-vector product",
    exhibit(
        "gradient of `A`",
        [[0.5, -1.5, 2.25], [1, -3, 4.5]],
        [[0.5, 1, -1.5], [-3, 2.25, 4.5]],
        {"A": [[1, 0.5, -2], [0.25, 1, 1]], "x": [0.5, -1.5, 2.25]},
    ),
    details={
        "difference": {
            "input": "A",
            "index": [0, 1],
            "x": [0.2 + 0.1 * i for i in range(7)],
            "y": [1.9 - 1.5 * 0.1 * i for i in range(7)],
            "slope_expected": -1.5,
            "slope_got": 1.0,
        }
    },
)

_XS = [-5 + 0.25 * i for i in range(41)]
_TRUE = [math.exp(-x) / (1 + math.exp(-x)) ** 2 for x in _XS]


def curve(got: list[float | None], **more: Any) -> Json:
    """The curve of a sigmoid whose derivative came out as `got`."""
    return {"input": "x", "what": "derivative", "x": _XS, "expected": _TRUE, "got": got, **more}


SIGMOID = exercise(
    "Sigmoid",
    exhibit("gradient of `x`", 0.25, 0.5, {"x": 0.0}),
    details={
        "curve": curve([1 / (1 + math.exp(-x)) for x in _XS]),
        "difference": {
            "input": "x",
            "index": [],
            "x": [-3 + 0.25 * i for i in range(25)],
            "y": [1 / (1 + math.exp(3 - 0.25 * i)) for i in range(25)],
            "slope_expected": 0.25,
            "slope_got": 0.5,
        },
    },
)
SIGMOID_GAPS = exercise(
    "Sigmoid with gaps",
    details={
        "curve": curve([None if abs(x) > 3 else t * x for x, t in zip(_XS, _TRUE, strict=True)])
    },
)
SIGMOID_RIGHT = exercise("Sigmoid right", details={"curve": curve(list(_TRUE))})
SIGMOID_AWAY = exercise("Sigmoid away", details={"curve": curve([math.exp(x) for x in _XS])})

_NODES = [
    {"id": 1, "label": "a", "kind": "input"},
    {"id": 2, "label": "b", "kind": "input"},
    {"id": 3, "label": "c", "kind": "input"},
    {"id": 4, "label": "Addition", "kind": "own"},
    {"id": 5, "label": "Product", "kind": "own"},
    {"id": 6, "label": "sum", "kind": "builtin"},
    {"id": 7, "label": "f", "kind": "output"},
]
_EDGES = [[1, 4], [2, 4], [3, 5], [4, 5], [5, 6], [6, 7]]


def _calls(*labels: str) -> list[Json]:
    return [{"label": label, "line": 11 + 7 * i} for i, label in enumerate(labels)]


COMPOSITION = exercise(
    "Composition",
    details={
        "graph": {
            "nodes": _NODES,
            "edges": _EDGES,
            "calls": _calls(
                "forward Addition", "forward Product", "backward Product", "backward Addition"
            ),
            "expected_calls": ["forward add", "forward mul", "backward mul", "backward add"],
        }
    },
)
OUT_OF_ORDER = exercise(
    "Composition out of order",
    details={
        "graph": {
            "nodes": _NODES,
            "edges": [[two, one] for one, two in _EDGES],
            "calls": _calls(
                "forward Addition", "forward Product", "forward Addition", "backward Product"
            ),
            "expected_calls": [
                "forward Addition",
                "forward Product",
                "backward Product",
                "backward Addition",
            ],
        }
    },
)
DOT = exercise(
    "Dot product",
    details={
        "graph": {
            "nodes": [
                {"id": 0, "label": "x1", "kind": "input"},
                {"id": 1, "label": "x2", "kind": "input"},
                {"id": 2, "label": "ElementwiseMultiplication", "kind": "own"},
                {"id": 3, "label": "Sum", "kind": "own"},
                {"id": 4, "label": "y", "kind": "output"},
            ],
            "edges": [[0, 2], [1, 2], [2, 3], [3, 4], [0, 3]],
            "calls": _calls("forward ElementwiseMultiplication", "forward Sum"),
            "expected_calls": None,
        },
        "cost": {
            "yours": {"saved_tensors": 4, "saved_bytes": 1096, "operations": 5, "graph_nodes": 2},
            "reference": {
                "saved_tensors": 2,
                "saved_bytes": 32,
                "operations": 1,
                "graph_nodes": 1,
            },
        },
    },
)
NOTHING_CAME = exercise("Nothing came", exhibit("gradient of `x2`", [[1, 2], [3, 4]], None))
OTHER_SHAPE = exercise("Other shape", exhibit("gradient of `x`", [[1, 2, 3], [4, 5, 6]], [21]))
NOT_FINITE = exercise(
    "Not finite",
    exhibit("result", [[0, 1e-12], [1e12, 3e12]], [["nan", 1e-12], ["inf", "-inf"]]),
)
CLOSE = exercise("Close", exhibit("result", [0.33333333, 1, 2], [0.33344444, 1, 2]))
CUBE = exercise(
    "Cube",
    exhibit(
        "gradient of `x1`",
        [[[1, 2], [3, 4]], [[5, 6], [7, 8]]],
        [[[1, 2], [3, 4]], [[5, 6], [7, 7]]],
    ),
)
_FLAT = [round(math.sin(i), 4) for i in range(24)]
LARGE = exercise(
    "Large, cut",
    {
        "what": "gradient of `A`",
        "input": [tensor("A", _FLAT, shape=[8, 16])],
        "upstream": [],
        "expected": tensor("A", _FLAT, shape=[8, 16]),
        "got": tensor("A", [v + (i % 5 == 4) for i, v in enumerate(_FLAT)], shape=[8, 16]),
    },
)
HUGE = exercise(
    "Huge",
    exhibit(
        "result",
        [[i * 16 + j for j in range(16)] for i in range(16)],
        [[i * 16 + j + (i * j == 195) for j in range(16)] for i in range(16)],
    ),
)

_BIAS = {"expected": ["tensor", "tensor", "none"], "right": False}
THREE_INPUTS = exercise(
    "Linear layer",
    details={
        "requires_grad": {
            "inputs": ["X", "W", "b"],
            "rows": [
                {"needs": [True, True, False], "returned": ["wrong"] * 3, "wasted": ["b"], **_BIAS},
                {"needs": [True, True, False], "returned": [None] * 3, "error": "No `b`.", **_BIAS},
            ],
        }
    },
)

ALL = {
    report["title"]: report
    for report in (
        SWAPPED,
        TRANSPOSED,
        SIGMOID,
        SIGMOID_GAPS,
        SIGMOID_RIGHT,
        SIGMOID_AWAY,
        COMPOSITION,
        OUT_OF_ORDER,
        DOT,
        NOTHING_CAME,
        THREE_INPUTS,
        OTHER_SHAPE,
        NOT_FINITE,
        CLOSE,
        CUBE,
        LARGE,
        HUGE,
    )
}
