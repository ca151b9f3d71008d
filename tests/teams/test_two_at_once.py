"""What changes grades of a team at one moment waits for each other, and none is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.grading import submissions
from app.grading.rules import lateness, members
from app.grading.uploads import Upload
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Assignment, StoredGrade, Submission
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.support.waiting import wait_for
from tests.teams.conftest import Together

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def in_own_transaction(pool: Executor, what: Callable[[Session], object]) -> Future[None]:
    def run() -> None:
        with database.session() as session:
            what(session)
            session.commit()

    return pool.submit(run)


def waiting() -> int:
    """How many transactions wait; asked in one of its own, as each sees what it saw at first."""
    with database.session() as looks:
        return int(looks.scalar(_WAITING) or 0)


def wait_until_waiting(number: int) -> None:
    wait_for(lambda: waiting() == number, f"{number} transactions that wait")


def test_a_verdict_and_a_hand_in_of_the_member_with_the_greater_number_do_not_cross(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    together(sheet, student, other_student)
    first, last = sorted((student, other_student), key=lambda one: one.user.id)
    made = attempt(db, sheet, first, 0.1)

    def verdict(session: Session) -> None:
        better = update(Submission).where(Submission.id == made.id)
        session.execute(better.values(score=sheet.max_score))

    def hand_in(session: Session) -> None:
        submissions.accept(session, Actor(last.user), sheet.id, Upload("mine.py", b"x = 1\n"))

    mine = (StoredGrade.assignment_id == sheet.id) & (StoredGrade.user_id == first.user.id)
    with ThreadPoolExecutor(2) as pool, database.session() as holds:
        holds.execute(select(StoredGrade.user_id).where(mine).with_for_update(key_share=True))
        done = [in_own_transaction(pool, verdict)]
        wait_until_waiting(1)
        done.append(in_own_transaction(pool, hand_in))
        wait_until_waiting(2)
    for one in done:
        one.result()
    for person in (first, last):
        key = (sheet.id, person.user.id)
        grade = db.get_one(StoredGrade, key, populate_existing=True)
        assert (grade.attempts, grade.score) == (2, sheet.max_score)


def test_whoever_measures_lateness_anew_holds_the_grades_of_all_whom_it_may_change(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    together(sheet, student, other_student)
    attempt(db, sheet, student, 0.1)
    lateness.follow(db, db.get_one(Assignment, sheet.id), [student.user.id])
    free = select(StoredGrade.user_id).where(StoredGrade.assignment_id == sheet.id)
    with database.session() as other:
        assert other.scalars(free.with_for_update(skip_locked=True)).all() == []
    db.rollback()


def test_of_two_mates_who_ask_about_one_exercise_at_once_one_is_told_that_it_is_asked(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    both = (student, other_student)
    together(sheet, *both)
    attempt(db, sheet, student, 0.1)
    asked = {"exercise": "sum", "text": "Is it not right?"}

    def ask(person: Person) -> int:
        path = f"/assignments/{sheet.id}/grades/{person.user.id}/appeals"
        return person.api.post(path, json=asked).status_code

    for person in both:
        assert person.api.get("/me").status_code == 200  # the tokens are there
    with ThreadPoolExecutor(2) as pool, database.session() as holds:
        members.hold_grades(holds, sheet.id, [one.user.id for one in both])
        done = [pool.submit(ask, one) for one in both]
        wait_until_waiting(2)
    assert sorted(one.result() for one in done) == [201, 409]
