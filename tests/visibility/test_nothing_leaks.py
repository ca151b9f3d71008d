"""Hidden checks are told by no route: what differs in them alone is answered byte by byte alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Kind, StoredGrade, Submission
from app.visibility.rules import PARTS
from tests.api import table_of_roles as programs
from tests.pages import table_of_roles as people
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.visibility.reports import CHECKS, exercise

RELEASE, DUE, NEVER = "after release", "after due", "never"
BY_CHANCE = re.compile(rb'name="key" value="[0-9a-f]{32}"|\d\d:\d\d')
"""A form's key, and what time it is by now."""
SIGNED_NOW = re.compile("result-sheet")
"""What is signed with the moment at which it is asked for; the score is in it, and no check."""
SETTINGS = {
    "edge cases never, the score after release": (
        {"robustness": NEVER, "score": RELEASE},
        "part",
    ),
    "the last families after the due date, without a score": (
        {"requires_grad": DUE, "robustness": DUE, "score": DUE},
        "none",
    ),
    "edge cases after release, the score left as it is": ({"robustness": RELEASE}, "part"),
    "everything after release": (dict.fromkeys(PARTS, RELEASE), "none"),
}


@dataclass(frozen=True)
class Sheet:
    """An assignment in which something is hidden, with two attempts and a trial of a student."""

    db: Session
    assignment: Assignment
    work: tuple[Submission, Submission, Submission]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The checks that are not shown at once."""
        rules = self.assignment.visibility
        return [one for one in CHECKS if rules.waits_for(one[0])]

    def judge(self, *failed: Collection[tuple[str, str]]) -> None:
        """Have the verdicts be those of work in which these checks fail, in order."""
        for submission, checks in zip(self.work, failed, strict=True):
            for result in submission.results:
                result.report = exercise(result.slug, checks, result.max_score)
                result.score = result.report["score"]
            submission.score = round(sum(one.score for one in submission.results), 2)
            submission.timings_ms = {"run": float(len(checks))}
            submission.notes = [{"kind": "ending", "message": str(checks), "line": None}]
            submission.remarks = [
                {"name": "n", "exercise": "sum", "message": str(checks), "line": 1}
            ]
        self.db.commit()

    def change_by_hand(self) -> None:
        """Have staff set points of an exercise, which come to light with the whole score."""
        self._set(given_by_exercise={"sum": 1.0})

    def excuse(self) -> None:
        """Have staff excuse the student and exempt them from lateness, which is told at once."""
        self._set(excused=True, on_time=True)

    def _set(self, **values: object) -> None:
        key = self.assignment.id, self.work[0].user_id
        grade = self.db.get_one(StoredGrade, key, populate_existing=True)
        for name, value in values.items():
            setattr(grade, name, value)
        grade.reason, grade.changed_at = f"So it is: {values}.", now()
        self.db.commit()


@dataclass(frozen=True)
class World:
    """A student in a course with a sheet for each setting."""

    course: Course
    student: Person
    sheets: list[Sheet]

    def answers(self) -> dict[str, tuple[int, bytes]]:
        """What the student gets at every route that they may read or send a form to."""
        found = {}
        for client, method, path in self._routes():
            data = {"role": "student"} if method == "POST" else None
            answer = client.request(method, path, data=data)
            assert answer.status_code in (200 if method == "GET" else 422, 409), path
            body = BY_CHANCE.sub(b"", answer.content) + answer.headers.get("etag", "").encode()
            found[f"{method} {answer.url.path}"] = answer.status_code, body
        return found

    def _routes(self) -> Iterator[tuple[httpx.Client, str, str]]:
        for table, client in ((people, self.student.web), (programs, self.student.api)):
            for (method, path), statuses in table.TABLE.items():
                refused = method == "POST" and statuses["student"] in (409, 422)
                reads = method == "GET" and statuses["student"] == 200
                if (reads or refused) and not path.startswith(("/try", "/account", "/sign")):
                    for filled in self._filled(path.removeprefix("/api/v1"), reads=reads):
                        yield client, method, filled

    def _filled(self, path: str, *, reads: bool) -> Iterator[str]:
        whose = dict.fromkeys(("student_id", "user_id"), self.student.user.id)
        ours = {"course_id": self.course.id, "nothing": 2**31 - 1, **whose}
        for sheet in self.sheets if "assignment_id" in path or "submission_id" in path else [None]:
            number = sheet.assignment.id if sheet else 0
            work = sheet.work if sheet else [None]
            some = work[1:] if reads and "submission_id" in path else work[:1]
            for one in some:
                yield path.format(assignment_id=number, submission_id=one and one.id, **ours)


def made(
    db: Session, cast: Cast, course: Course, student: Person, setting: tuple[dict[str, str], str]
) -> Sheet:
    shown, meanwhile = setting
    rules = {"shown": shown, "meanwhile": meanwhile, "due_at": now() + timedelta(days=30)}
    sheet = cast.assignment(course, points={"sum": 10.0, "product": 20.0}, **rules)
    first, second, trial = (attempt(db, sheet, student, 1.0) for _ in range(3))
    trial.kind, trial.attempt = Kind.TRIAL, 0
    db.commit()
    return Sheet(db, sheet, (first, second, trial))


@pytest.fixture
def sheet(db: Session, cast: Cast, course: Course, student: Person) -> Sheet:
    return made(db, cast, course, student, ({"gradient": RELEASE, "score": RELEASE}, "part"))


def test_what_differs_in_hidden_checks_alone_is_answered_alike_at_every_route(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    sheets = [made(db, cast, course, student, setting) for setting in SETTINGS.values()]
    world = World(course, student, sheets)
    for sheet in sheets:
        sheet.judge(sheet.hidden[:1], sheet.hidden, [])
    student.web.get(f"/submissions/{sheets[0].work[0].id}/receipt")  # the first makes a key
    one = world.answers()
    for sheet in sheets:
        sheet.judge(sheet.hidden, [], sheet.hidden[-2:])
        sheet.change_by_hand()
    other = world.answers()
    assert len(one) > 90
    assert [route for route, answer in one.items() if other[route] != answer] == []


def test_who_is_excused_reads_nothing_of_the_points_that_are_set_as_well(
    course: Course, student: Person, sheet: Sheet
) -> None:
    sheet.judge(sheet.hidden[:1], sheet.hidden, [])
    sheet.excuse()
    student.web.get(f"/submissions/{sheet.work[0].id}/receipt")  # the first makes a key
    world = World(course, student, [sheet])
    one = world.answers()
    sheet.change_by_hand()
    other = world.answers()
    assert [route for route, answer in one.items() if other[route] != answer] == []


def test_of_checks_that_are_never_shown_a_score_that_is_told_tells_the_points_and_no_more(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    sheet = made(db, cast, course, student, ({"robustness": NEVER}, "part"))
    world = World(course, student, [sheet])
    sheet.judge(sheet.hidden[:1], sheet.hidden, [])
    student.web.get(f"/submissions/{sheet.work[0].id}/receipt")  # the first makes a key
    one = world.answers()
    sheet.judge(sheet.hidden[1:], sheet.hidden, [])
    other = world.answers()
    differ = [route for route, answer in one.items() if other[route] != answer]
    assert [route for route in differ if not SIGNED_NOW.search(route)] == []


def test_the_same_routes_tell_of_it_once_it_is_shown(
    db: Session, course: Course, student: Person, sheet: Sheet
) -> None:
    db.get_one(Assignment, sheet.assignment.id).released_at = now()
    world = World(course, student, [sheet])
    sheet.judge(sheet.hidden[:1], sheet.hidden, [])
    one = world.answers()
    sheet.judge(sheet.hidden, [], sheet.hidden[-2:])
    other = world.answers()
    differ = [route for route, answer in one.items() if other[route] != answer]
    told = {route.split("/")[1] for route in differ}
    assert told >= {"", "courses", "assignments", "submissions", "api"}


def test_an_appeal_is_no_way_to_ask_for_a_hidden_check(student: Person, sheet: Sheet) -> None:
    at = f"/assignments/{sheet.assignment.id}/grades/{student.user.id}/appeals"

    def ask(check: str) -> tuple[int, str]:
        sent = {"exercise": "sum", "check": check, "text": "Why?"}
        answer = student.api.post(at, json=sent)
        return answer.status_code, answer.json().get("detail", "")

    sheet.judge([], [], [])
    assert ask("empty") == ask("no such check")
    assert ask("empty")[0] == 422
    assert ask("values")[0] == 201


def test_staff_who_answer_an_appeal_read_that_another_attempt_counts_than_the_student_sees(
    student: Person, instructor: Person, sheet: Sheet
) -> None:
    sheet.judge(sheet.hidden, [], [])
    at = f"/assignments/{sheet.assignment.id}/grades/{student.user.id}"
    asked = {"exercise": "sum", "check": "values", "text": "Why?"}
    made = student.api.post(f"{at}/appeals", json=asked).json()
    assert made["submission_id"] == str(sheet.work[0].id)
    said = f'Another attempt counts: <a href="/submissions/{sheet.work[1].id}#sum">attempt 2</a>'
    assert said in instructor.web.get(at).text
    assert "Another attempt counts" not in student.web.get(at).text


def test_staff_see_all_of_it_and_what_the_student_does_not_see(
    sheet: Sheet, course: Course, assistant: Person
) -> None:
    sheet.judge([("robustness", "empty")], [], [])
    page = assistant.web.get(f"/submissions/{sheet.work[0].id}").text
    assert "Sam Student does not see all of this yet." in page
    assert "What empty says." in page
    assert '<span class="tag">hidden</span>' in page
    verdict = assistant.api.get(f"/submissions/{sheet.work[0].id}").json()
    assert (verdict["score"], verdict["score_shown"]) == (sheet.work[0].score, "whole")
    table = assistant.web.get(f"/courses/{course.id}/gradebook").text
    assert "Students do not see at once all that stands here of" in table
    book = assistant.api.get(f"/courses/{course.id}/gradebook").json()
    (grade,) = book["students"][0]["scores"]
    assert (grade["score"], grade["hidden"]) == (30.0, False)
