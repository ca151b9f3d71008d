"""From evidence to points: gates, exact sums, endings, and words that help."""

from __future__ import annotations

import json

import pytest
import torch

from graders import VERSION
from graders.exercises import COURSE_TEXT
from graders.judge import judge
from graders.model.comparison import difference
from graders.model.evidence import Ending, Evidence, Parsed
from graders.model.exercise import FAMILIES
from graders.probes.plan import draw_plan
from graders.results.report import Report
from tests.graders.conftest import Grade
from tests.support.cells import HONEST
from worker.sandbox import Cell, Limits

SWAPPED = """
import torch
from torch.autograd import Function

class Product(Function):
    @staticmethod
    def forward(ctx, left, right):
        ctx.save_for_backward(left, right)
        return left * right

    @staticmethod
    def backward(ctx, dzdy):
        left, right = ctx.saved_tensors
        return dzdy * left, dzdy * right
"""


def nothing_said(ending: Ending) -> Evidence:
    return Evidence(None, None, ending=ending)


def checks(report: Report, slug: str) -> dict[str, str]:
    exercise = next(e for e in report.exercises if e.slug == slug)
    return {f"{c.family}/{c.name}": c.status for c in exercise.checks}


def test_a_right_file_gets_every_point(grade: Grade) -> None:
    report = grade(HONEST)
    assert report.score == report.max_score == 70.0
    assert {e.summary for e in report.exercises} == {"Everything is right."}


@pytest.mark.parametrize("points", [1.0, 0.07, 3.33, 10.0, 100.0])
def test_points_are_shared_out_to_the_last_hundredth(points: float) -> None:
    report = judge(draw_plan(COURSE_TEXT, b"s"), nothing_said(Ending("crashed")),
                   dict.fromkeys(COURSE_TEXT, points))  # fmt: skip
    for exercise in report.exercises:
        assert exercise.max_score == points
        assert round(sum(c.max_points for c in exercise.checks), 2) == points


def test_a_rubric_decides_what_the_families_are_worth() -> None:
    rubric = dict.fromkeys(FAMILIES, 0.0) | {"gradient": 3.0, "forward": 1.0}
    report = judge(draw_plan(["sum"], b"s"), nothing_said(Ending("crashed")), {"sum": 8.0}, rubric)
    by_family = dict.fromkeys(FAMILIES, 0.0)
    for check in report.exercises[0].checks:
        by_family[check.family] += check.max_points
    assert {family: round(worth, 2) for family, worth in by_family.items()} == {
        "contract": 0, "forward": 2, "gradient": 6, "requires_grad": 0, "robustness": 0,
    }  # fmt: skip


def test_a_wrong_gradient_blocks_what_builds_on_it_and_nothing_before_it(grade: Grade) -> None:
    got = checks(grade(SWAPPED, ["product"]), "product")
    assert got["contract/entry"] == got["forward/values"] == got["forward/shapes"] == "passed"
    assert got["gradient/gradient-x1"] == "failed"
    assert got["requires_grad/right-results"] == got["robustness/empty"] == "blocked"


def test_every_wrong_gradient_is_shown_where_backward_returns_it(grade: Grade) -> None:
    (product,) = grade(SWAPPED, ["product"]).exercises
    lines_of_file = SWAPPED.splitlines()
    backward = lines_of_file.index("    def backward(ctx, dzdy):") + 1
    while "return" not in lines_of_file[backward - 1]:
        backward += 1
    lines = {check.name: check.line for check in product.checks if check.status == "failed"}
    assert lines.keys() >= {"gradient-x1", "float64", "shapes"}
    assert set(lines.values()) == {backward}


def test_a_message_speaks_of_the_students_own_names_and_lines(grade: Grade) -> None:
    exercise = grade(SWAPPED, ["product"]).exercises[0]
    check = next(c for c in exercise.checks if c.name == "gradient-x1")
    assert check.message.startswith("The gradient of `left` is")
    assert exercise.entry == "Product"
    assert check.line == 14  # of its `return`
    assert check.exhibit is not None
    assert [shown["name"] for shown in check.exhibit.input] == ["left", "right"]
    assert check.exhibit.what == "gradient of `left`"
    assert check.exhibit.expected is not None
    assert check.exhibit.expected["values"] != check.exhibit.got["values"]  # type: ignore[index]


def test_the_smallest_case_that_fails_is_shown(grade: Grade) -> None:
    exercise = grade(SWAPPED, ["product"]).exercises[0]
    shown = [c.exhibit for c in exercise.checks if c.name == "shapes" and c.exhibit]
    assert [list(i["shape"]) for i in shown[0].input] == [[1], [1]]


def test_a_report_is_plain_json_of_the_agreed_form(grade: Grade) -> None:
    plain = grade(SWAPPED + "\nraise ValueError('oh')\nopen('x', 'w')\n").to_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    whole = {"score", "max_score", "grader_version", "notes", "remarks", "exercises", "ran_with"}
    assert set(plain) == whole
    assert plain["grader_version"] == VERSION
    assert {note["kind"] for note in plain["notes"]} == {"raised", "blocked"}
    assert {
        "slug", "title", "score", "max_score", "summary", "entry", "line", "diagnosis", "checks",
        "details", "snippet",
    } == set(plain["exercises"][0])  # fmt: skip
    assert {
        "name", "family", "passed", "status", "points", "max_points", "message", "line", "exhibit",
        "reason",
    } == set(plain["exercises"][0]["checks"][0])  # fmt: skip


def test_a_seed_graded_again_gives_the_same_report(grade: Grade) -> None:
    assert grade(SWAPPED).to_json() == grade(SWAPPED).to_json()


@pytest.mark.parametrize("kind", ["timeout", "cpu", "memory", "output", "crashed", "forged"])
def test_a_run_that_said_nothing_is_graded_with_the_reason(kind: str) -> None:
    report = judge(draw_plan(["sum"], b"s"), nothing_said(Ending(kind)), {"sum": 10.0})
    assert report.score == 0
    assert "The run was stopped before your file was loaded" in report.exercises[0].summary
    assert [note.kind for note in report.notes] == ["ending"]


def test_a_run_that_stopped_while_loading_says_so() -> None:
    evidence = Evidence(Parsed(None), None, ending=Ending("timeout"))
    report = judge(draw_plan(["sum"], b"s"), evidence, {"sum": 10.0})
    assert "it took longer than one file may" in report.exercises[0].summary


def test_what_was_right_before_a_hang_and_after_it_counts(cell: Cell) -> None:
    source = HONEST + b"\ndef hang(ctx, x):\n    while True: pass\nSigmoid.forward = hang\n"
    plan = draw_plan(COURSE_TEXT, b"s")
    evidence = cell.run(plan.requests, source, Limits(wall_s=1.0))
    report = judge(plan, evidence, dict.fromkeys(COURSE_TEXT, 10.0))
    got = {exercise.slug: exercise.score for exercise in report.exercises}
    assert got.pop("sigmoid") == 0.0
    assert set(got.values()) == {10.0}
    messages = {e.slug: e.summary for e in report.exercises}
    assert "while `Sigmoid` was at this check" in messages["sigmoid"]


def test_what_printed_too_much_keeps_its_points(cell: Cell) -> None:
    plan = draw_plan(["sum"], b"s")
    evidence = cell.run(plan.requests, HONEST + b"\nprint('x' * 1000000)\n")
    report = judge(plan, evidence, {"sum": 10.0})
    assert report.score == 10.0
    assert [note.kind for note in report.notes] == ["output"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e30])
def test_what_is_no_number_is_never_close(value: float) -> None:
    assert difference(torch.tensor([1.0, value]), torch.tensor([1.0, 2.0]).double(), "float32")


def test_rounding_is_forgiven_and_a_wrong_dtype_of_the_work_is_not() -> None:
    want = torch.rand(50, dtype=torch.float64) + 1
    assert difference(want.float(), want, "float32") is None
    assert difference(want * (1 + 1e-12), want, "float64") is None
    assert difference(want.float(), want, "float64") is not None
