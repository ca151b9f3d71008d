"""Where an instructor wants it so, a gradient that nobody asked for costs points once in a file."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, Course
from graders.exercises import COURSE_TEXT
from graders.judge import judge
from graders.judging.counted_once import counted_once
from graders.judging.rescoring import rescored
from graders.model.exercise import DEFAULT_RUBRIC
from graders.probes.plan import draw_plan
from tests.gradebook.regrades.test_other_points import change
from tests.pages.conftest import RIGHT, Desk
from tests.support.cast import Cast, Person
from tests.support.regrades import Regrades
from worker.sandbox import Cell

NEEDLESS = b"""
import torch
from torch.autograd import Function

class Addition(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        return x1 + x2

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy, dzdy

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        return dzdy * x2, dzdy * x1
"""
WORTH = {"sum": 10.0, "addition": 10.0, "product": 10.0}


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, points=WORTH, none_counts_once=True)


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db)


def scores(report: dict[str, object]) -> dict[str, float]:
    found = report["exercises"]
    assert isinstance(found, list)
    return {one["slug"]: one["score"] for one in found}


def judged(cell: Cell, source: bytes) -> dict[str, object]:
    plan = draw_plan(list(WORTH), b"a seed")
    return judge(plan, cell.run(plan.requests, source), WORTH).to_json()


def test_the_first_exercise_loses_the_points_and_the_others_say_where_they_went(cell: Cell) -> None:
    report = judged(cell, NEEDLESS)
    assert scores(report) == {"sum": 0.0, "addition": 9.5, "product": 9.5}
    once = counted_once(report)
    assert scores(once) == {"sum": 0.0, "addition": 9.5, "product": 10.0}
    assert once["score"] == 19.5
    checks = {one["name"]: one for one in once["exercises"][2]["checks"]}
    found = checks["nothing-for-nothing"]
    assert (found["status"], found["points"], found["counts_in"]) == ("failed", 0.5, "addition")
    assert counted_once(once) == once


def test_an_exercise_that_is_worth_nothing_bears_nothing(cell: Cell) -> None:
    plan, worth = draw_plan(list(WORTH), b"a seed"), WORTH | {"addition": 0.0}
    report = judge(plan, cell.run(plan.requests, NEEDLESS), worth).to_json()
    assert scores(counted_once(report)) == {"sum": 0.0, "addition": 0.0, "product": 9.5}


def test_for_other_points_it_is_counted_anew(cell: Cell) -> None:
    once = counted_once(judged(cell, NEEDLESS))["exercises"][2]
    again = rescored(once, 20.0, DEFAULT_RUBRIC)
    assert again["score"] == 19.0
    assert not any("counts_in" in check for check in again["checks"])


def test_a_file_without_the_habit_keeps_its_report(cell: Cell) -> None:
    plan = draw_plan(COURSE_TEXT, b"a seed")
    report = judge(plan, cell.run(plan.requests, RIGHT), dict.fromkeys(COURSE_TEXT, 10.0)).to_json()
    assert counted_once(report) == report


def test_whoever_has_wrong_results_besides_loses_the_points_in_each(cell: Cell) -> None:
    both = NEEDLESS.replace(b"return dzdy, dzdy", b"return dzdy, -dzdy")
    report = judged(cell, both)
    assert scores(counted_once(report)) == scores(report)


def test_a_hand_in_is_graded_so_and_the_page_says_it(
    sheet: Assignment, student: Person, desk: Desk
) -> None:
    made = desk.graded(student, sheet, NEEDLESS)
    assert desk.look(made).score == 19.5
    page = student.web.get(f"/submissions/{made}").text
    assert "This counts once in a file, and cost its points in Addition." in page
    assert "in one exercise of a file" in student.web.get(f"/assignments/{sheet.id}").text
    checks = student.api.get(f"/submissions/{made}").json()["exercises"][2]["checks"]
    assert [one["counts_in"] for one in checks if one.get("counts_in")] == ["addition"]


def test_to_ask_for_it_later_is_previewed_and_runs_no_file(
    cast: Cast, course: Course, instructor: Person, student: Person, desk: Desk
) -> None:
    sheet = cast.assignment(course, points=WORTH)
    made = desk.graded(student, sheet, NEEDLESS)
    assert desk.look(made).score == 19.0
    regrades = Regrades(instructor, sheet)
    here = regrades.worked_out(change(instructor, sheet, none_counts_once="on"))
    assert "19 → <strong>19.5</strong>" in instructor.web.get(here).text
    assert regrades.apply(here).status_code == 303
    found = desk.look(made)
    assert (found.score, "cell" in (found.timings_ms or {})) == (19.5, False)
    assert found.assignment.none_counts_once
    here = regrades.worked_out(change(instructor, sheet))
    regrades.apply(here)
    assert desk.look(made).score == 19.0
