"""Whoever changes what work is worth sees first whose score changes, and saves it then or not."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Assignment, Course, Kind, Submission
from tests.pages.conftest import RIGHT, Desk
from tests.pages.staff.test_changing_an_assignment import form
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.regrades import Regrades
from tests.support.waiting import wait_for


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    return cast.assignment(course, points={"sum": 10.0, "product": 10.0})


@pytest.fixture
def desk(db: Session) -> Desk:
    return Desk(db)


@pytest.fixture
def regrades(instructor: Person, sheet: Assignment) -> Regrades:
    return Regrades(instructor, sheet)


def change(teacher: Person, sheet: Assignment, *without: str, **fields: str) -> str:
    typed = form(teacher, sheet, **fields)
    for name in without:
        del typed[name]
    answer = teacher.web.post(f"/assignments/{sheet.id}/edit", data=typed)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def points(teacher: Person, sheet: Assignment) -> dict[str, float]:
    found = teacher.api.get(f"/assignments/{sheet.id}").json()["exercises"]
    return {one["slug"]: one["points"] for one in found}


def test_other_points_are_saved_with_the_scores_and_no_file_is_run_for_them(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person, desk: Desk
) -> None:
    made = desk.graded(student, sheet, RIGHT)
    teacher = regrades.teacher
    here = regrades.worked_out(change(teacher, sheet, title="Renamed", **{"points-sum": "5"}))
    assert points(teacher, sheet) == {"sum": 10.0, "product": 10.0}
    assert desk.look(made).score == 20.0
    shown = teacher.web.get(here).text
    assert "20 → <strong>15</strong>" in shown
    assert "Renamed" in shown
    assert regrades.apply(here).status_code == 303
    assert points(teacher, sheet) == {"sum": 5.0, "product": 10.0}
    found = desk.look(made)
    assert (found.score, found.max_score, found.assignment.title) == (15.0, 15.0, "Renamed")
    assert "cell" not in (found.timings_ms or {})
    assert [(one.slug, one.score) for one in found.results] == [("sum", 5.0), ("product", 10.0)]


def test_an_exercise_more_takes_a_run_and_one_less_does_not(
    regrades: Regrades, sheet: Assignment, student: Person, desk: Desk
) -> None:
    made = desk.graded(student, sheet, RIGHT)
    teacher = regrades.teacher
    for without, fields, worth, is_run in (
        (["take-product"], {}, 10.0, False),
        ([], {"take-addition": "on", "points-addition": "4"}, 14.0, True),
    ):
        here = regrades.worked_out(change(teacher, sheet, *without, **fields))
        regrades.apply(here)
        found = desk.look(made)
        assert (found.score, "cell" in (found.timings_ms or {})) == (worth, is_run)


def test_left_as_it_is_neither_points_nor_scores_change(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(db, sheet, student, 0.5)
    teacher = regrades.teacher
    here = change(teacher, sheet, **{"points-sum": "5"})
    assert teacher.web.post(f"{here}/cancel").status_code == 303
    assert points(teacher, sheet)["sum"] == 10.0
    assert regrades.score(made) == 10.0


def test_whoever_saves_second_is_told_that_the_assignment_was_changed(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    attempt(db, sheet, student, 0.5)
    teacher = regrades.teacher
    here = regrades.worked_out(change(teacher, sheet, **{"points-sum": "5"}))
    change(teacher, sheet, title="Another title")
    answer = regrades.apply(here)
    assert answer.status_code == 409
    assert "Somebody else has changed this assignment" in answer.text
    assert points(teacher, sheet)["sum"] == 10.0


def test_what_comes_in_meanwhile_is_graded_for_the_new_points(
    regrades: Regrades, sheet: Assignment, student: Person, other_student: Person, desk: Desk
) -> None:
    desk.graded(student, sheet, RIGHT)
    here = regrades.worked_out(change(regrades.teacher, sheet, **{"points-sum": "5"}))
    late = desk.graded(other_student, sheet, RIGHT)
    assert desk.look(late).score == 20.0
    regrades.apply(here)
    wait_for(lambda: desk.look(late).score == 15.0, "the score for the new points")


def test_a_change_by_api_is_a_preview_first(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person
) -> None:
    made = attempt(db, sheet, student, 1.0, source=RIGHT)
    api, path = regrades.teacher.api, f"/assignments/{sheet.id}"
    wanted = {"exercises": [{"slug": "sum", "points": 4}]}
    match = {"If-Match": api.get(path).headers["etag"]}
    refused = api.patch(path, json=wanted, headers=match)
    assert (refused.status_code, regrades.score(made)) == (409, 20.0)
    assert f"{path}/regrades" in refused.json()["detail"]
    here = f"/regrades/{api.post(regrades.all, json={'change': wanted}).json()['id']}"
    regrades.worked_out(here)
    assert api.post(f"{here}/apply", json={"reason": "Fewer."}).status_code == 200
    assert regrades.score(made) == 4.0
    same = api.post(regrades.all, json={"change": {"title": "Another"}})
    assert same.status_code == 422


def test_where_nobody_has_a_score_it_is_saved_at_once(
    regrades: Regrades, sheet: Assignment
) -> None:
    assert change(regrades.teacher, sheet, **{"points-sum": "5"}) == f"/assignments/{sheet.id}"
    assert points(regrades.teacher, sheet)["sum"] == 5.0


def test_rules_that_change_besides_are_said_since_grades_follow_them(
    regrades: Regrades, sheet: Assignment, student: Person, desk: Desk
) -> None:
    desk.graded(student, sheet, RIGHT)
    for fields, said in (({}, False), ({"counts": "latest"}, True)):
        here = regrades.worked_out(change(regrades.teacher, sheet, **{"points-sum": "5"}, **fields))
        shown = regrades.teacher.web.get(here).text
        assert ("The rules of what counts, or of lateness, change as well" in shown) is said
        regrades.teacher.web.post(f"{here}/cancel")


def test_neither_a_preview_nor_an_earlier_verdict_is_opened_as_work_or_can_count(
    db: Session, regrades: Regrades, sheet: Assignment, student: Person, desk: Desk
) -> None:
    made = desk.graded(student, sheet, RIGHT)
    here = regrades.worked_out(
        change(regrades.teacher, sheet, counts="chosen", **{"points-sum": "5"})
    )
    work = f"/assignments/{sheet.id}/work"
    assert f"/submissions/{made}" in student.web.get(work).text
    regrades.apply(here)
    assert f"/submissions/{made}" in student.web.get(work).text
    earlier = db.scalars(
        select(Submission).where(
            Submission.assignment_id == sheet.id, Submission.kind == Kind.EARLIER
        )
    ).one()
    assert student.web.post(f"/submissions/{earlier.id}/choose").status_code == 409
    assert student.web.post(f"/submissions/{made}/choose").status_code == 303
