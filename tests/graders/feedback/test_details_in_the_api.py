"""The API tells all that a report shows, and describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.api.details import Details
from app.api.work.verdicts import ExerciseView
from graders.exercises import COURSE_TEXT
from tests.graders.conftest import Grade

SUBMISSIONS = Path(__file__).parents[2] / "submissions"


@pytest.mark.parametrize(
    "name",
    [
        "right/course_style",
        "right/composed_dot",
        "wrong/product_swapped",
        "wrong/sigmoid_upstream_forgotten",
        "wrong/mv_no_matrix_gradient",
        "wrong/sum_not_expanded",
        "wrong/null_nan",
        "wrong/syntax_error",
    ],
)
def test_a_report_comes_through_the_api_as_it_is(grade: Grade, name: str) -> None:
    report = grade((SUBMISSIONS / f"{name}.py").read_bytes(), COURSE_TEXT).to_json()
    for exercise in report["exercises"]:
        told = ExerciseView.model_validate(exercise).model_dump(mode="json")
        for only_there in ("place", "counts_in"):  # in a notebook, and where an assignment says so
            assert {check.pop(only_there) for check in told["checks"]} == {None}
        assert {key: told[key] for key in exercise} == exercise


def test_a_report_from_before_there_were_details_comes_through_too() -> None:
    old: dict[str, Any] = {"slug": "sum", "score": 1.0, "max_score": 2.0, "checks": []}
    told = ExerciseView.model_validate(old)
    assert (told.details, told.snippet) == ({}, None)


def test_every_detail_is_described() -> None:
    described = ExerciseView.model_json_schema()["$defs"]["Details"]["properties"]
    assert set(described) == set(Details.__annotations__)
    assert set(described) == {"requires_grad", "graph", "cost", "curve", "difference"}
