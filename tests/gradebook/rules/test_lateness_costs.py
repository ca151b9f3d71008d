"""Late work loses what the assignment says; computed, taken off and what counts are all shown."""

from __future__ import annotations

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.gradebook.grades import Grade
from app.grading import submissions
from app.grading.rules import terms
from app.grading.showing import seen
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, StoredGrade, Submission
from app.regrades import editing
from app.teaching.drafts import Draft
from app.timing.counting import Counts, counting
from app.timing.late import Lateness
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.support.waiting import wait_for

DAY = timedelta(days=1)


@pytest.fixture
def past(cast: Cast, course: Course) -> Assignment:
    """An assignment of 70 points that was due an hour ago; a day costs 10 percent."""
    return cast.assignment(
        course, title="Past", due_at=now() - timedelta(hours=1), late_amount=10.0
    )


def grade(db: Session, assignment: Assignment, person: Person) -> Grade:
    db.rollback()
    return grades.of_person(db, assignment.course_id, person.user.id)[assignment.id]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def numbers(found: Grade) -> tuple[float | None, float | None, float]:
    return found.computed, found.score, round(found.deduction, 9)


def test_what_was_computed_what_is_taken_off_and_what_counts_are_shown_everywhere(
    db: Session, course: Course, past: Assignment, student: Person, instructor: Person
) -> None:
    made = attempt(db, past, student, 0.5)
    assert numbers(grade(db, past, student)) == (35, 31.5, 3.5)
    here = f"/assignments/{past.id}/grades/{student.user.id}"
    for person in (student, instructor):
        said = words(person.web.get(here).text)
        assert "31.5 of 70" in said
        assert (
            "35 without lateness. 1 day late, which takes off 10 percent: 3.5 points less" in said
        )
        assert "1 day late, which takes off 10 percent: 31.5 of 70 left" in words(
            person.web.get(f"/submissions/{made.id}").text
        )
        told = person.api.get(here).json()
        assert (told["computed"], told["deduction"], told["score"]) == (35, 3.5, 31.5)
        told = person.api.get(f"/submissions/{made.id}").json()
        assert (told["score"], told["counted"], told["late"]) == (35, 31.5, True)
    all_grades = words(student.web.get(f"/courses/{course.id}/grades/{student.user.id}").text)
    assert "35 before lateness, which takes off 3.5 points" in all_grades
    shown = words(student.web.get(f"/assignments/{past.id}").text)
    assert "31.5 of 70 , 35 before lateness" in shown
    book = instructor.web.get(f"/courses/{course.id}/gradebook").text
    assert 'title="late: 3.5 points less">L</abbr><span>31.5</span>' in book
    (row,) = instructor.api.get(f"/courses/{course.id}/gradebook").json()["students"]
    assert (row["scores"][0]["deduction"], row["total"]) == (3.5, 31.5)
    lines = json.loads(instructor.web.get(f"/courses/{course.id}/grades.json").text)
    line = next(one for one in lines if one["exercise"] is None)
    assert (line["computed"], line["deduction"], line["score"]) == (35, 3.5, 31.5)


def test_another_rule_is_followed_in_the_same_transaction(
    db: Session, past: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, past, student, 0.5)
    path = f"/assignments/{past.id}"

    def change(**fields: object) -> tuple[float | None, float | None, float]:
        match = {"If-Match": instructor.api.get(path).headers["etag"]}
        answer = instructor.api.patch(path, json=fields, headers=match)
        assert answer.status_code == 200, answer.text
        return numbers(grade(db, past, student))

    assert change(late={"amount": 5, "unit": "points", "per": "once"}) == (35, 30, 5)
    assert change(late={"amount": 90, "per": "hour", "cap": 20}) == (35, 28, 7)
    assert change(late={"amount": 90, "grace_minutes": 90}) == (35, 35, 0)
    assert change(due_at=(now() + DAY).isoformat()) == (35, 35, 0)
    assert not grade(db, past, student).late


def test_whoever_is_exempt_loses_nothing_and_again_when_that_is_taken_back(
    db: Session, past: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, past, student, 0.5)
    here = f"/assignments/{past.id}/grades/{student.user.id}"
    press(instructor.web, here, here, on_time="on", reason="Was ill.")
    assert numbers(grade(db, past, student)) == (35, 35, 0)
    press(instructor.web, here, f"{here}/undo")
    assert numbers(grade(db, past, student)) == (35, 31.5, 3.5)


def test_points_by_hand_for_an_exercise_lose_as_well_and_the_whole_score_is_final(
    db: Session, past: Assignment, student: Person, instructor: Person
) -> None:
    attempt(db, past, student, 0.5)
    here = f"/assignments/{past.id}/grades/{student.user.id}"
    press(instructor.web, here, here, **{"exercise-sum": "10", "reason": "Right after all."})
    assert numbers(grade(db, past, student)) == (35, 36, 4)
    press(instructor.web, here, here, **{"exercise-sum": "", "score": "40", "reason": "So it is."})
    assert numbers(grade(db, past, student)) == (35, 40, 0)


def test_the_better_one_after_lateness_counts(
    db: Session, cast: Cast, course: Course, student: Person
) -> None:
    sheet = cast.assignment(course, due_at=now() - DAY / 2, late_amount=10.0)
    early = attempt(db, sheet, student, 0.65, at=now() - DAY)
    attempt(db, sheet, student, 0.7)
    assert numbers(grade(db, sheet, student)) == (45.5, 45.5, 0)
    found = seen.kept(db, sheet, student.user.id)
    assert found is not None
    assert found.id == early.id


@pytest.mark.parametrize("rule", list(Counts))
def test_the_kept_grade_is_the_one_that_the_rule_of_time_picks(
    db: Session, cast: Cast, course: Course, rule: Counts
) -> None:
    chance = random.Random(rule.value)
    sheet = cast.assignment(course, due_at=now() - DAY, late_amount=20.0, counts=rule.value)
    for _ in range(6):
        student = cast.person("Some Student", course)
        shares = [chance.choice([None, 0.0, 0.5, 0.6, 1.0]) for _ in range(chance.randint(1, 5))]
        made = [
            attempt(db, sheet, student, share, at=now() - DAY * chance.choice([0.5, 1.5, 0.0]))
            for share in shares
        ]
        chosen = None
        if rule is Counts.CHOSEN and chance.random() < 0.7:
            chosen = chance.choice(made)
            kept = db.get_one(StoredGrade, (sheet.id, student.user.id), populate_existing=True)
            kept.chosen_id = chosen.id
            db.commit()
        expected = counting(
            rule, [one.candidate for one in made], chosen.attempt if chosen else None
        )
        found = seen.kept(db, sheet, student.user.id)
        assert (found and found.attempt) == (expected and expected.attempt)
        assert grade(db, sheet, student).score == (expected and expected.counted)


@pytest.mark.parametrize("lateness", [Lateness(), Lateness(True, 3, 0.3), Lateness(True, 1, 0, 9)])
@pytest.mark.parametrize("score", [0.0, 0.1, 8.25, 70.0])
def test_postgres_and_python_leave_the_same_of_a_score(
    db: Session, lateness: Lateness, score: float
) -> None:
    left = db.scalar(select(func.after_lateness(score, lateness.share, lateness.points)))
    assert left == lateness.left_of(score)


def test_a_hand_in_waits_for_a_change_of_the_rules_and_is_measured_by_it(
    db: Session, cast: Cast, course: Course, student: Person, instructor: Person
) -> None:
    sheet = cast.assignment(course, due_at=now() + DAY)

    def hand_in() -> Submission:
        with database.session() as session:
            upload = Upload("a.py", b"x = 1\n")
            made = submissions.accept(session, Actor(student.user), sheet.id, upload)
            session.commit()
            return made

    waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with ThreadPoolExecutor(1) as worker, database.session() as session:
        terms.hold(session, sheet.id, to_change=True)
        sent = worker.submit(hand_in)
        wait_for(lambda: db.scalar(waiting), "the hand-in that waits")
        change = Draft(**(vars(Draft.of(sheet)) | {"due_at": now() - DAY, "late_amount": 10.0}))
        editing.change(session, Actor(instructor.user), sheet.id, change)
        session.commit()
        made = sent.result()
    assert (made.late, made.late_share) == (True, 0.2)
