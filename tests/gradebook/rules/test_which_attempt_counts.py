"""The student is told before and after what a hand-in does to what counts, and may choose."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Course
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.waiting import wait_for

DAY = timedelta(days=1)
CODE = {"code": "x = 1\n"}


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_latest_replaces_a_better_one_only_after_it_was_said_and_says_so_after(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    sheet = cast.assignment(course, counts="latest", due_at=now() - DAY / 2, late_amount=10.0)
    attempt(db, sheet, student, 1.0, at=now() - DAY)
    for page in (f"/assignments/{sheet.id}", f"/assignments/{sheet.id}/work"):
        said = words(student.web.get(page).text)
        assert "handed in now is 1 day late, which takes off 10 percent: 63 of 70 at most" in said
        assert "The latest attempt counts: handing in now replaces 70 of 70" in said
    tried = student.web.post(f"/assignments/{sheet.id}/trial", data=CODE).headers["location"]
    wait_for(
        lambda: "handing in now replaces 70 of 70" in words(student.web.get(tried).text),
        "what handing the trial in would replace",
    )
    made = attempt(db, sheet, student, 0.5)
    said = words(student.web.get(f"/submissions/{made.id}").text)
    assert "31.5 of 70 left" in said
    assert "This is the attempt that counts. It replaced one with 70." in said


def test_a_late_one_does_not_replace_one_in_time_where_the_best_in_time_counts(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    sheet = cast.assignment(course, counts="best on time", due_at=now() - DAY / 2)
    attempt(db, sheet, student, 0.5, at=now() - DAY)
    said = words(student.web.get(f"/assignments/{sheet.id}").text)
    assert "An attempt in time counts already, with 35 of 70: a late one cannot replace it." in said
    made = attempt(db, sheet, student, 1.0)
    said = words(student.web.get(f"/submissions/{made.id}").text)
    assert "The best attempt that came in time counts: attempt 1, with 35." in said


def test_the_student_chooses_until_it_closes(
    db: Session, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    sheet = cast.assignment(course, counts="chosen", closes_at=now() + DAY)
    worse, better = (attempt(db, sheet, student, share) for share in (0.5, 0.8))
    here = f"/assignments/{sheet.id}/grades/{student.user.id}"
    assert "none is chosen, so it is the best" in words(student.web.get(here).text)
    assert press(student.web, here, f"/submissions/{worse.id}/choose").status_code == 303
    assert student.api.get(here).json()["score"] == 35
    assert "The attempt that you chose counts until you choose another one." in words(
        student.web.get(f"/assignments/{sheet.id}").text
    )
    assert instructor.api.post(f"/submissions/{better.id}/choose").status_code == 403
    chosen = student.api.post(f"/submissions/{better.id}/choose")
    assert (chosen.status_code, chosen.json()["attempt"]) == (200, 2)
    assert student.api.get(here).json()["score"] == 56

    path = f"/assignments/{sheet.id}"
    match = {"If-Match": instructor.api.get(path).headers["etag"]}
    closed = {"closes_at": (now() - DAY).isoformat()}
    assert instructor.api.patch(path, json=closed, headers=match).status_code == 200
    refused = student.api.post(f"/submissions/{worse.id}/choose")
    assert refused.status_code == 409
    assert "closed, so another attempt can no longer be chosen" in refused.json()["detail"]
    assert "/choose" not in student.web.get(here).text


def test_nothing_is_chosen_where_that_is_not_the_rule_nor_what_has_no_score(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    usual = attempt(db, cast.assignment(course), student, 0.5)
    waits = attempt(db, cast.assignment(course, counts="chosen"), student, None)
    for made, said in ((usual, "nothing is chosen"), (waits, "Only an attempt that is graded")):
        refused = student.api.post(f"/submissions/{made.id}/choose")
        assert refused.status_code == 409
        assert said in refused.json()["detail"]


def test_attempts_a_day_and_a_pause_are_said_before_and_held(
    cast: Cast, course: Course, student: Person
) -> None:
    daily = cast.assignment(course, attempts_a_day=1)
    paused = cast.assignment(course, pause_minutes=30, max_attempts=5)
    for sheet, before, refusal in (
        (daily, "All attempts of today (1) are used.", "All attempts of today (1) are used, so"),
        (paused, "There is a pause between two attempts.", "there is a pause of 30 minutes"),
    ):
        here = f"/assignments/{sheet.id}"
        assert student.web.post(f"{here}/submissions", data=CODE).status_code == 303
        said = words(student.web.get(here).text)
        assert before in said
        assert "The next one is taken" in said
        refused = student.web.post(f"{here}/submissions", data=CODE)
        assert refused.status_code == 409
        assert refusal in refused.text
        assert "x = 1" in refused.text
