"""Whatever numbers and names a report holds, its pictures are sound: no page breaks on them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from app.rendering.pictures import cost, curve, difference, graph, heatmap, order, truth
from tests.pictures import reports
from tests.pictures.looking import failures, parsed
from tests.pictures.sheet import feedback

pytestmark = pytest.mark.long

floats = some.floats() | some.sampled_from([0.0, -0.0, 5e-324, 1e-308, 1.8e308, 1e16, 1e16 + 2])
names = some.text(max_size=30) | some.sampled_from(
    [
        "<script>alert(1)</script>",
        "`x`",
        "a`b",
        "&#60;",
        "\x00\x1b[31m",
        "\ud800",
        "\u202eabc",
        "﷽" * 9,
    ]
)
values = (
    floats
    | some.integers()
    | some.sampled_from(["nan", "inf", "-inf", 10**400, -(10**400)])
    | some.booleans()
    | some.none()
    | names
)
numbers = (
    floats | some.integers() | some.none() | some.sampled_from(["nan", "inf", "-inf", 10**400])
)
arrays = some.recursive(values, lambda inner: some.lists(inner, max_size=5), max_leaves=40)
shapes = some.none() | some.lists(some.integers(-1, 4) | some.just(10**30), max_size=4)
quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)


@some.composite
def tensors(draw: some.DrawFn) -> Any:
    shape = draw(some.lists(some.integers(0, 3), max_size=4))
    tensor = {"name": draw(names), "dtype": draw(some.sampled_from(["float32", "float64", "<b>"]))}
    told = draw(some.sampled_from(["its own", "another"]))
    nested = draw(arrays) if told == "another" else draw(_array(tuple(shape)))
    return tensor | {
        "shape": draw(shapes) if told == "another" else shape,
        "values": nested,
        "cut": draw(some.booleans()),
    }


def _array(shape: tuple[int, ...]) -> some.SearchStrategy[Any]:
    if not shape:
        return values
    return some.lists(_array(shape[1:]), min_size=shape[0], max_size=shape[0])


def is_sound(markup: str) -> None:
    parsed(markup)
    assert failures(markup) == []
    markup.encode()
    assert "<script" not in markup
    assert "<b>" not in markup


@quick
@given(tensors(), tensors() | some.none(), names)
def test_any_two_tensors_have_a_sound_heat_map_or_none(expected: Any, got: Any, what: str) -> None:
    is_sound(heatmap({"what": what, "expected": expected, "got": got}))


@quick
@given(some.data())
def test_any_two_tensors_of_one_shape_have_a_sound_heat_map(data: some.DataObject) -> None:
    shape = data.draw(some.lists(some.integers(1, 4), min_size=1, max_size=3))
    expected, got = (data.draw(_array(tuple(shape))) for _ in range(2))
    is_sound(heatmap(reports.exhibit("result", expected, got)))


@quick
@given(some.lists(some.tuples(numbers, numbers, numbers), max_size=40), names, names)
def test_any_points_have_a_sound_curve_or_none(points: Any, name: str, what: str) -> None:
    x, expected, got = (
        (list(column) for column in zip(*points, strict=True)) if points else ([],) * 3
    )
    is_sound(curve({"input": name, "what": what, "x": x, "expected": expected, "got": got}))


@quick
@given(some.lists(some.tuples(numbers, numbers), max_size=40), numbers, numbers, names)
def test_any_loss_and_slopes_have_a_sound_plot_or_none(
    points: Any, true: Any, yours: Any, name: str
) -> None:
    x, y = (list(column) for column in zip(*points, strict=True)) if points else ([], [])
    data = {"input": name, "index": [0], "x": x, "y": y}
    is_sound(difference(data | {"slope_expected": true, "slope_got": yours}))


@quick
@given(
    some.lists(
        some.tuples(
            some.integers(0, 12),
            names,
            some.sampled_from(["own", "builtin", "input", "output", "?"]),
        ),
        max_size=14,
    ),
    some.lists(some.tuples(some.integers(0, 14), some.integers(0, 14)), max_size=30),
    some.lists(names, max_size=12),
    some.none() | some.lists(names, max_size=12),
)
def test_any_nodes_and_edges_have_a_sound_graph_or_none(
    nodes: Any, edges: Any, calls: Any, expected: Any
) -> None:
    data = {
        "nodes": [{"id": i, "label": label, "kind": kind} for i, label, kind in nodes],
        "edges": [list(edge) for edge in edges],
        "calls": [{"label": f"forward {label}", "line": None} for label in calls],
        "expected_calls": expected,
    }
    is_sound(graph(data))
    assert [c.number for c in order(data).calls if c.number] == list(range(1, len(calls) + 1))


@quick
@given(some.lists(names, max_size=3), some.lists(some.lists(values, max_size=4), max_size=4))
def test_any_truth_table_has_as_many_columns_as_inputs(inputs: Any, rows: Any) -> None:
    told = [{"needs": row, "returned": row, "expected": row, "wasted": None} for row in rows]
    found = truth({"inputs": inputs, "rows": told})
    for row in found.rows if found else []:
        assert len(row.needs) == len(row.given) == len(inputs)


@quick
@given(some.dictionaries(some.sampled_from(["saved_tensors", "operations"]), values), names)
def test_any_counts_have_a_cost_or_none(counts: Any, title: str) -> None:
    found = cost({"yours": counts, "reference": {"operations": 1}}, title)
    assert found
    assert found.said


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "`</pre><b>`", "\x00\ud800\u202e"])
def test_no_name_of_a_student_becomes_markup(name: str) -> None:
    bare = json.dumps(reports.COMPOSITION | {"snippet": "SNIPPET"})
    whole = json.loads(bare.replace("Addition", "NAME").replace("SNIPPET", "NAME"))
    hostile = _replaced(whole, name)
    html = feedback(hostile)
    assert "<script" not in html
    assert "<b>" not in html
    assert not {"\x00", "\ud800", "\u202e"} & set(html)


def _replaced(part: Any, name: str) -> Any:
    if isinstance(part, dict):
        return {key: _replaced(value, name) for key, value in part.items()}
    if isinstance(part, list):
        return [_replaced(value, name) for value in part]
    return part.replace("NAME", name) if isinstance(part, str) else part
