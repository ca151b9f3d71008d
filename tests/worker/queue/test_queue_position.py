"""How long a submission is said to wait follows from what was graded lately, by all workers."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.grading import stored_files
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Assignment, Course, Status, Submission
from app.scheduling import queue_position
from tests.support.cast import Cast
from tests.worker.handing_in import hand_in


@pytest.fixture
def course(quiet: Cast) -> Course:
    return quiet.course()


@pytest.fixture
def assignment(quiet: Cast, course: Course) -> Assignment:
    return quiet.assignment(course)


def store(session: Session, submission_id: uuid.UUID, **values: object) -> None:
    session.execute(update(Submission).where(Submission.id == submission_id).values(**values))
    session.commit()


def graded(
    quiet: Cast, assignment: Assignment, *, every_s: float, number: int, waited_s: float = 60
) -> None:
    """That many gradings, the last one just now, one every so many seconds."""
    person = quiet.person("Sam")
    moment = now()
    with database.session() as session:
        session.add_all(
            Submission(
                assignment_id=assignment.id,
                user_id=person.user.id,
                submitted_by_id=person.user.id,
                attempt=place + 1,
                filename="f.py",
                sha256=stored_files.keep(session, b"x"),
                seed=b"",
                status=Status.GRADED,
                queued_at=moment - timedelta(seconds=every_s * place + waited_s),
                started_at=moment - timedelta(seconds=every_s * place + 0.02),
                graded_at=moment - timedelta(seconds=every_s * place),
            )
            for place in range(number)
        )
        session.commit()


def expected(ahead: int) -> float:
    with database.session() as session:
        return queue_position.expected_wait(session, ahead)


def test_it_is_what_many_workers_have_managed_together(quiet: Cast, assignment: Assignment) -> None:
    graded(quiet, assignment, every_s=0.2, number=50)
    assert expected(ahead=99) == pytest.approx(100 * 0.2, rel=0.2)


def test_time_in_which_nothing_waited_does_not_count(quiet: Cast, assignment: Assignment) -> None:
    graded(quiet, assignment, every_s=8, number=40, waited_s=0.05)
    assert expected(ahead=9) == pytest.approx(10 * 0.05, rel=0.1)


def test_where_nothing_was_graded_lately_it_is_a_guess(quiet: Cast) -> None:
    assert expected(ahead=0) == pytest.approx(0.1)


def test_it_grows_while_something_waits_and_nothing_is_graded(
    quiet: Cast, course: Course, assignment: Assignment
) -> None:
    graded(quiet, assignment, every_s=0.1, number=10, waited_s=0.1)
    assert expected(ahead=0) < 1
    waits = hand_in(quiet.person("Olga", course), assignment)
    with database.session() as session:
        session.execute(
            update(Submission)
            .where(Submission.status == Status.GRADED)
            .values(
                graded_at=Submission.graded_at - timedelta(minutes=5),
                started_at=Submission.started_at - timedelta(minutes=5),
                queued_at=Submission.queued_at - timedelta(minutes=5),
            )
        )
        store(session, waits, queued_at=now() - timedelta(minutes=4))
    assert expected(ahead=0) >= 240 / 10
