"""The truth table says what each combination returned; the cost says what a version keeps."""

from __future__ import annotations

from typing import Any

import pytest

from app.rendering.pictures import cost, truth
from tests.pictures import reports

ROWS = reports.SWAPPED["details"]["requires_grad"]


def test_every_combination_has_a_verdict_in_a_word() -> None:
    found = truth(ROWS)
    assert found
    assert [row.word for row in found.rows] == ["right", "wasteful", "not right", "error"]
    assert [row.verdict for row in found.rows] == ["right", "partly", "wrong", "wrong"]
    assert found.said == "2 of 4 combinations are not right."


def test_what_was_computed_for_nothing_is_marked_at_its_input() -> None:
    found = truth(ROWS)
    assert found
    assert [one.wasted for one in found.rows[1].given] == [False, True]


def test_where_something_else_was_returned_both_are_told() -> None:
    found = truth(ROWS)
    assert found
    wrong = found.rows[2].given[1]
    assert (wrong.returned, wrong.expected, wrong.off) == ("None", "gradient", True)


@pytest.mark.parametrize(
    ("wasted", "said"),
    [
        ([], "Every combination is right, and nothing is computed that nobody asked for."),
        (
            ["x"],
            "All are right; in 1 of 1 combinations a gradient is computed that nobody asked for.",
        ),
    ],
)
def test_a_table_without_a_fault_says_so(wasted: list[str], said: str) -> None:
    row = {"needs": [False], "returned": ["none"], "expected": ["none"], "right": True}
    found = truth({"inputs": ["x"], "rows": [row | {"wasted": wasted}]})
    assert found
    assert found.said == said


def test_where_forward_is_wrong_no_gradient_is_praised() -> None:
    row = {"needs": [True], "returned": ["tensor"], "expected": ["tensor"], "right": True}
    found = truth({"inputs": ["x"], "rows": [row]}, forward=False)
    assert found
    assert "All are right" not in found.said
    assert "are right is seen once forward is" in found.said


def test_where_no_gradient_is_asked_for_backward_is_not_called() -> None:
    rows = [
        {"needs": [True], "returned": ["tensor"], "expected": ["tensor"], "right": True},
        {"needs": [False], "returned": [None], "expected": ["none"], "right": True},
    ]
    found = truth({"inputs": ["x"], "rows": rows})
    assert found
    assert [row.called for row in found.rows] == [True, False]


@pytest.mark.parametrize("data", [None, {}, {"inputs": ["x"], "rows": []}, {"inputs": []}])
def test_there_is_no_table_without_rows(data: Any) -> None:
    assert truth(data) is None


def counts(tensors: Any = 2, size: Any = 32, operations: Any = 1, nodes: Any = 1) -> Any:
    return {
        "saved_tensors": tensors,
        "saved_bytes": size,
        "operations": operations,
        "graph_nodes": nodes,
    }


@pytest.mark.parametrize(
    ("yours", "said"),
    [
        (
            counts(4, 96, 5, 2),
            "Your composed dot product keeps 4 tensors for backward; the primitive keeps 2.",
        ),
        (counts(3), "Your dot product keeps 3 tensors for backward; the reference keeps 2."),
        (counts(2, 64), "Your dot product keeps 64 bytes for backward; the reference keeps 32."),
        (counts(2, 32, 3), "Your dot product runs 3 operations; the reference runs 1."),
        (counts(1), "Your dot product keeps 1 tensor for backward, fewer than the reference."),
        (counts(), "Your dot product costs no more than the reference."),
    ],
)
def test_the_cost_is_told_in_one_sentence(yours: Any, said: str) -> None:
    found = cost({"yours": yours, "reference": counts()}, "Dot product")
    assert found
    assert found.said == said


def test_counts_stand_beside_each_other_and_the_larger_is_marked() -> None:
    found = cost({"yours": counts(4, 4096), "reference": counts()}, "Dot product")
    assert found
    assert [(m.yours, m.reference, m.more) for m in found.measures] == [
        ("4", "2", True),
        ("4,096", "32", True),
        ("1", "1", False),
        ("1", "1", False),
    ]


@pytest.mark.parametrize("data", [None, {}, {"yours": None}, {"yours": {"saved_bytes": "many"}}])
def test_there_is_no_cost_without_counts(data: Any) -> None:
    assert cost(data, "Dot product") is None
