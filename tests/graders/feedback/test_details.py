"""What a report shows beside its checks: the truth table, the graph, the cost and the plots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from graders.exercises import COURSE_TEXT, EXERCISES
from graders.feedback.details.cost import needed_values, operations, reference
from graders.probes.unscored import is_elementwise
from tests.graders.conftest import Grade
from tests.support.files.made_submissions import made_of

SUBMISSIONS = Path(__file__).parents[2] / "submissions"
COURSE_STYLE = (SUBMISSIONS / "right" / "course_style.py").read_text()
Json = dict[str, Any]


def details(grade: Grade, source: str, slug: str, slugs: tuple[str, ...] = COURSE_TEXT) -> Json:
    report = grade(source, slugs).to_json()
    json.dumps(report, allow_nan=False)
    found: Json = next(e for e in report["exercises"] if e["slug"] == slug)["details"]
    return found


def rows(found: Json) -> dict[str, Json]:
    return {
        "".join("01"[need] for need in row["needs"]): row for row in found["requires_grad"]["rows"]
    }


def test_a_right_submission_has_a_whole_truth_table(grade: Grade) -> None:
    found = details(grade, COURSE_STYLE, "product")
    assert found["requires_grad"]["inputs"] == ["x1", "x2"]
    assert list(rows(found)) == ["11", "10", "01", "00"]
    assert rows(found)["10"] == {
        "needs": [True, False], "returned": ["tensor", "none"], "expected": ["tensor", "none"],
        "wasted": [], "right": True, "error": None,
    }  # fmt: skip
    assert rows(found)["00"]["returned"] == [None, None]
    assert all(row["right"] for row in rows(found).values())


def test_what_is_computed_for_nothing_is_named(grade: Grade) -> None:
    source = COURSE_STYLE.replace(
        "return dzdy*x2 if r1 else None, dzdy*x1 if r2 else None", "return dzdy*x2, dzdy*x1"
    )
    found = rows(details(grade, source, "product"))
    assert found["11"]["wasted"] == []
    assert (found["10"]["wasted"], found["10"]["returned"]) == (["x2"], ["tensor", "tensor"])
    composed = rows(details(grade, source, "composition"))
    assert composed["110"]["wasted"] == ["c"]
    assert composed["001"]["wasted"] == ["d"]
    assert composed["001"]["returned"] == ["none", "none", "tensor"]


def test_what_a_composed_function_computes_for_nothing_is_told_too(grade: Grade) -> None:
    source = (SUBMISSIONS / "right" / "composed_dot.py").read_text()
    source = source.replace(" if r1 else None", "").replace(" if r2 else None", "")
    found = rows(details(grade, source, "dot-product", ("product", "sum", "dot-product")))
    assert found["11"]["wasted"] == []
    assert found["10"]["returned"] == ["tensor", "none"]
    assert found["10"]["wasted"] == ["Product"]


def test_wrong_and_missing_gradients_are_told_apart(grade: Grade) -> None:
    source = COURSE_STYLE.replace("dzdy*x2 if r1 else None", "dzdy if r1 else None")
    source = source.replace("dzdy*x1 if r2 else None", "dzdy*x1 if r2 and r1 else None")
    found = rows(details(grade, source, "product"))
    assert found["11"]["returned"] == ["wrong", "tensor"]
    assert found["01"]["returned"] == ["none", "none"]
    assert not found["01"]["right"]


def test_what_pytorch_gave_in_place_of_backward_is_in_no_truth_table(grade: Grade) -> None:
    assert "requires_grad" not in details(grade, "import torch\nSum = lambda x: x.sum()", "sum")


def test_an_exception_is_in_the_row_of_its_combination(grade: Grade) -> None:
    source = COURSE_STYLE.replace("dzdy*x1 if r2", "dzdy*[x1][not r1] if r2")
    found = rows(details(grade, source, "product"))
    assert found["11"]["error"] is None
    assert found["01"]["error"].startswith("IndexError: list index out of range, line ")
    assert (found["01"]["returned"], found["01"]["right"]) == ([None, None], False)


def test_what_never_runs_has_no_details(grade: Grade) -> None:
    assert details(grade, "class Nothing: pass", "sum") == {}
    raising = COURSE_STYLE.replace("return x.sum()", "raise ValueError")
    assert details(grade, raising, "sum") == {}


def test_the_graph_of_a_composition_is_told_with_its_calls_in_order(grade: Grade) -> None:
    graph = details(grade, COURSE_STYLE, "composition")["graph"]
    labels = {node["id"]: (node["label"], node["kind"]) for node in graph["nodes"]}
    assert sorted(labels.values()) == [
        ("Addition", "own"), ("Product", "own"), ("a", "input"), ("b", "input"), ("c", "input"),
        ("e", "output"),
    ]  # fmt: skip
    edges = {(labels[one][0], labels[two][0]) for one, two in graph["edges"]}
    assert edges == {
        ("a", "Addition"), ("b", "Addition"), ("c", "Product"), ("Addition", "Product"),
        ("Product", "e"),
    }  # fmt: skip
    calls = ["forward Addition", "forward Product", "backward Product", "backward Addition"]
    assert [call["label"] for call in graph["calls"]] == graph["expected_calls"] == calls
    lines = COURSE_STYLE.splitlines()
    for call in graph["calls"]:
        (*_, around) = (one for one in lines[: call["line"]] if "def " in one)
        assert call["label"].partition(" ")[0] in around
        assert "return" in lines[call["line"] - 1]


def test_a_backward_that_is_never_called_is_missed(grade: Grade) -> None:
    source = COURSE_STYLE.replace("dzdy*x1 if r2 else None", "1 / 0")
    graph = details(grade, source, "composition")["graph"]
    assert [call["label"] for call in graph["calls"]][-1] == "backward Product"
    assert graph["expected_calls"][-1] == "backward Addition"


def test_a_graph_is_shown_where_there_is_more_than_one_function(grade: Grade) -> None:
    source = (SUBMISSIONS / "right" / "composed_dot.py").read_text()
    slugs = ("product", "sum", "dot-product")
    graph = details(grade, source, "dot-product", slugs)["graph"]
    assert {node["label"] for node in graph["nodes"]} == {"x1", "x2", "Product", "Sum", "y"}
    assert graph["expected_calls"] is None
    assert "graph" not in details(grade, source, "product", slugs)


@pytest.mark.parametrize("slug", [slug for slug, one in EXERCISES.items() if not one.steps])
def test_the_references_cost_is_what_a_good_primitive_function_costs(
    slug: str, grade: Grade
) -> None:
    """A Function made of the formulas, which keeps only what they need."""
    exercise = EXERCISES[slug]
    everything = f"{', '.join(exercise.inputs)}, y"
    needed = ", ".join(needed_values(exercise))
    source = made_of(exercise)
    source = source.replace(f"save_for_backward({everything})", f"save_for_backward({needed})")
    # The shapes of the others are all that their formulas want.
    source = source.replace(
        "return y\n", f"ctx.all = lambda: ({everything})\n        return y\n", 1
    )
    source = source.replace("ctx.saved_tensors\n", "ctx.all()\n")
    cost = details(grade, source, slug, (slug,))["cost"]
    assert cost["yours"] == cost["reference"]


def test_the_references_cost_of_a_composition_is_that_of_its_steps(grade: Grade) -> None:
    cost = details(grade, COURSE_STYLE, "composition")["cost"]
    assert cost["yours"] == cost["reference"]
    assert cost["reference"] == {
        "saved_tensors": 2, "saved_bytes": 32, "operations": 4, "graph_nodes": 2,
    }  # fmt: skip


def test_a_composed_dot_product_costs_more_than_a_primitive_one(grade: Grade) -> None:
    source = (SUBMISSIONS / "right" / "composed_dot.py").read_text()
    cost = details(grade, source, "dot-product", ("product", "sum", "dot-product"))["cost"]
    assert cost["yours"]["graph_nodes"] == 2
    assert cost["yours"]["operations"] > cost["reference"]["operations"]
    assert cost["reference"]["graph_nodes"] == 1
    assert cost["inputs"] == [{"name": "x1", "shape": [4]}, {"name": "x2", "shape": [4]}]


def test_operations_are_those_that_reach_the_dispatcher() -> None:
    mv = EXERCISES["matrix-vector-product"]
    assert operations(mv, [torch.ones(2, 2), torch.ones(2)]) == 5  # mv; view and mul; t and mv
    assert reference(mv, ((2, 2), (2,)))["saved_bytes"] == 24


def test_a_submission_that_meddles_with_the_count_only_loses_the_count(grade: Grade) -> None:
    meddling = (
        "import torch as t\n"
        "t._C._autograd.ProfilerEvent.name = lambda event: 1 / 0\n"
        "t._C._autograd._enable_profiler_legacy(t._C._profiler.ProfilerConfig(\n"
        "    t._C._profiler.ProfilerState.CPU, False, False, False, False, False,\n"
        "    t._C._profiler._ExperimentalConfig()))\n"
    )
    report = grade(COURSE_STYLE + meddling)
    assert report.score == report.max_score
    assert "operations" not in details(grade, COURSE_STYLE + meddling, "sum")["cost"]


def test_a_wrong_derivative_is_drawn_over_the_range(grade: Grade) -> None:
    source = COURSE_STYLE.replace("return dzdy * y * (1 - y)", "return dzdy * y")
    curve = details(grade, source, "sigmoid")["curve"]
    x = torch.tensor(curve["x"], dtype=torch.float64)
    assert (curve["input"], curve["what"]) == ("x", "gradient where dzdy is 2")
    assert (len(x), float(x.min()), float(x.max())) == (33, -6, 6)
    y = torch.sigmoid(x)
    assert torch.allclose(torch.tensor(curve["expected"]).double(), 2 * y * (1 - y), rtol=1e-5)
    assert torch.allclose(torch.tensor(curve["got"]).double(), 2 * y, rtol=1e-5)


def test_a_wrong_result_is_drawn_over_the_range_with_gaps(grade: Grade) -> None:
    source = COURSE_STYLE.replace("y = 1 / (1 + torch.exp(-x))", "y = torch.log(x)")
    curve = details(grade, source, "sigmoid")["curve"]
    assert curve["what"] == "result"
    assert curve["got"][0] is None
    assert curve["got"][-1] == pytest.approx(1.79176)


def test_nothing_is_drawn_of_what_is_right(grade: Grade) -> None:
    for exercise in grade(COURSE_STYLE).exercises:
        assert not {"curve", "difference"} & set(exercise.details)


def test_only_functions_of_each_element_have_a_curve() -> None:
    assert {slug for slug in COURSE_TEXT if is_elementwise(EXERCISES[slug])} == {"sigmoid"}
    others = {slug for slug in EXERCISES if is_elementwise(EXERCISES[slug])}
    assert others <= {"sigmoid", "relu"}


def test_the_loss_is_drawn_along_the_entry_that_is_farthest_off(grade: Grade) -> None:
    source = (SUBMISSIONS / "wrong" / "product_swapped.py").read_text()
    report = grade(source, ["product"])
    found = report.exercises[0].details["difference"]
    check = next(c for c in report.exercises[0].checks if c.name == "gradient-x1")
    assert check.exhibit is not None
    (x1,), (x2,) = (one["values"] for one in check.exhibit.input)
    (upstream,) = check.exhibit.upstream[0]["values"]
    middle = len(found["x"]) // 2
    assert (found["input"], found["index"]) == ("x1", [0])
    assert found["x"][middle] == x1
    assert found["y"] == [pytest.approx(x * x2 * upstream) for x in found["x"]]
    assert (found["slope_expected"], found["slope_got"]) == (x2 * upstream, x1 * upstream)


def test_a_gradient_that_never_came_has_no_slope(grade: Grade) -> None:
    source = (SUBMISSIONS / "wrong" / "mv_no_matrix_gradient.py").read_text()
    found = details(grade, source, "matrix-vector-product", ("matrix-vector-product",))
    assert found["difference"]["index"] == [0, 0]
    assert found["difference"]["slope_got"] is None
