"""A computation graph is drawn from inputs to output, with the order in which it was run."""

from __future__ import annotations

from typing import Any

import pytest

from app.rendering.pictures import graph, order
from app.rendering.pictures.drawing.layers import layered
from tests.pictures import reports
from tests.pictures.looking import failures, pictures, texts, words

COMPOSITION = reports.COMPOSITION["details"]["graph"]
OUT_OF_ORDER = reports.OUT_OF_ORDER["details"]["graph"]


def columns(data: Any) -> dict[str, float]:
    """Where each node stands from left to right, by its text."""
    (picture,) = pictures(graph(data))
    return {
        text.text or "": float(text.attrib["x"])
        for text in picture.iter("text")
        if "fb-ink" in text.attrib["class"]
    }


def test_data_flows_from_left_to_right() -> None:
    at = columns(COMPOSITION)
    assert at["a"] == at["b"] == at["c"] < at["Addition"] < at["Product"] < at["sum"] < at["f"]


def test_edges_may_be_told_from_result_to_input_as_autograd_does() -> None:
    assert columns(OUT_OF_ORDER) == columns(COMPOSITION)


def test_kinds_differ_in_shape() -> None:
    (picture,) = pictures(graph(COMPOSITION))
    corners = {r.attrib["class"].split()[-1]: r.attrib["rx"] for r in picture.iter("rect")}
    assert corners == {"fb-own": "6", "fb-builtin": "0", "fb-input": "15", "fb-output": "15"} | {
        "fb-inner": "12"
    }
    assert "doubled one the output" in words(graph(COMPOSITION))


def test_each_node_has_the_numbers_of_its_calls() -> None:
    said = texts(graph(COMPOSITION))
    assert said[said.index("Addition") + 1].split() == ["→1", "←4"]
    assert said[said.index("Product") + 1].split() == ["→2", "←3"]


def test_two_nodes_of_one_name_share_the_calls_in_turn() -> None:
    nodes = [{"id": i, "label": "Add", "kind": "own"} for i in (1, 2)]
    calls = [{"label": f"{way} Add"} for way in ("forward", "forward", "backward", "backward")]
    said = texts(graph({"nodes": nodes, "edges": [[1, 2]], "calls": calls}))
    assert [text.split() for text in said] == [["Add"], ["→1", "←4"], ["Add"], ["→2", "←3"]]


def test_the_order_that_was_expected_is_right_in_whatever_words() -> None:
    found = order(COMPOSITION)
    assert found.is_right
    assert [f"{c.number} {c.direction} {c.name}" for c in found.calls] == [
        "1 forward Addition",
        "2 forward Product",
        "3 backward Product",
        "4 backward Addition",
    ]


def test_a_call_out_of_turn_and_one_that_is_missing_are_marked() -> None:
    found = order(OUT_OF_ORDER)
    assert [(c.number, c.direction, c.name, c.state) for c in found.calls] == [
        (1, "forward", "Addition", "same"),
        (2, "forward", "Product", "same"),
        (3, "forward", "Addition", "extra"),
        (4, "backward", "Product", "same"),
        (None, "backward", "Addition", "missing"),
    ]
    assert "→3✗" in " ".join(texts(graph(OUT_OF_ORDER)))


def test_without_an_expected_order_nothing_is_judged() -> None:
    found = order(reports.DOT["details"]["graph"])
    assert not found.judged
    assert found.is_right


def test_a_graph_with_a_cycle_and_edges_to_nowhere_is_drawn_all_the_same() -> None:
    nodes = [{"id": i, "label": str(i), "kind": "own"} for i in range(3)]
    edges = [[0, 1], [1, 2], [2, 0], [1, 1], [5, 0], [0, "x"], [0], None]
    markup = graph({"nodes": nodes, "edges": edges, "calls": []})
    assert texts(markup) == ["0", "1", "2"]
    assert failures(markup) == []


def test_a_long_name_is_cut_and_stays_within_its_box() -> None:
    node = {"id": 1, "label": "Ünicode" * 30, "kind": "own"}
    markup = graph({"nodes": [node], "edges": []})
    assert texts(markup)[0].endswith("…")
    assert failures(markup) == []


def test_a_graph_too_large_to_read_is_counted_instead() -> None:
    nodes = [{"id": i, "label": "n", "kind": "own"} for i in range(500)]
    markup = graph({"nodes": nodes, "edges": [[i, i + 1] for i in range(499)]})
    assert pictures(markup) == []
    assert "500 nodes" in words(markup)


@pytest.mark.parametrize("data", [None, {}, {"nodes": [], "edges": []}])
def test_there_is_no_graph_without_nodes(data: Any) -> None:
    assert graph(data) == ""


def test_an_edge_passes_between_the_nodes_of_the_layers_it_crosses() -> None:
    layout = layered(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "d"), ("a", "d")])
    places = list(layout.places.values())
    assert len(set(places)) == len(places)
    assert max(map(len, layout.routes)) == 4


def test_edges_that_need_not_cross_do_not() -> None:
    layout = layered(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    heights = {node: height for node, (_, height) in layout.places.items()}
    assert (heights["a"] < heights["b"]) == (heights["y"] < heights["x"])
