"""A submission goes from claim to score; faults of ours give it back and never become a zero."""

from __future__ import annotations

import os
import signal
import uuid
from pathlib import Path

import pytest
from sqlalchemy import update

from app.infrastructure import database
from app.models import AssignmentExercise, Status, Submission
from app.settings import settings
from tests.support.cast import Cast
from tests.support.cells import HONEST
from tests.support.processes.stack import children, descendants
from tests.support.waiting import wait_for
from tests.worker.handing_in import hand_in, look, result_rows
from worker import pipeline
from worker.pipeline import grade_next
from worker.sandbox import Cell

HALF_WRONG = HONEST.replace(b"return x1 * x2", b"return x1 * x2 + 1")


def _handed_in(cast: Cast, source: bytes) -> uuid.UUID:
    course = cast.course()
    return hand_in(cast.person("Sam", course), cast.assignment(course), source)


def _program(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text()


def _queue_again(submission_id: uuid.UUID) -> None:
    with database.session() as session:
        session.execute(
            update(Submission).where(Submission.id == submission_id).values(status=Status.QUEUED)
        )
        session.commit()


def test_an_honest_file_is_graded_and_every_phase_timed(quiet: Cast, cell: Cell) -> None:
    handed_in = _handed_in(quiet, HONEST)
    assert grade_next(cell)
    found = look(handed_in)
    assert (found.status, found.score, found.max_score) == (Status.GRADED, 70.0, 70.0)
    assert found.lease is None
    assert result_rows(handed_in) == 7
    assert set(found.timings_ms or {}) == {"queued", "claim", "plan", "cell", "judge", "store"}


@pytest.mark.usefixtures("quiet")
def test_a_message_that_finds_nothing_to_claim_ends_quietly(cell: Cell) -> None:
    assert not grade_next(cell)


def test_graded_again_it_gets_the_same_score_for_the_same_reasons(quiet: Cast, cell: Cell) -> None:
    handed_in = _handed_in(quiet, HALF_WRONG)
    grade_next(cell)
    first = look(handed_in)
    with database.session() as session:
        reports = [one.report for one in session.get_one(Submission, handed_in).results]
    _queue_again(handed_in)
    grade_next(cell)
    assert first.score is not None
    assert 0 < first.score < 70
    assert look(handed_in).score == first.score
    with database.session() as session:
        assert [one.report for one in session.get_one(Submission, handed_in).results] == reports


def test_a_file_that_ends_its_process_is_the_students_fault(quiet: Cast, cell: Cell) -> None:
    handed_in = _handed_in(quiet, b"import os\nos._exit(3)\n")
    grade_next(cell)
    found = look(handed_in)
    assert (found.status, found.score, found.claims) == (Status.GRADED, 0.0, 1)


def test_a_grader_that_breaks_is_our_fault_and_no_zero(
    quiet: Cast, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "PAUSE_S", 0.05)
    handed_in = _handed_in(quiet, HONEST)
    with database.session() as session:
        one = AssignmentExercise.slug == "sum"
        session.execute(update(AssignmentExercise).where(one).values(slug="no-such-exercise"))
        session.commit()
    for _ in range(settings().max_claims):
        assert look(handed_in).status is Status.QUEUED
        wait_for(lambda: grade_next(cell), "the next try")
    found = look(handed_in)
    assert (found.status, found.score) == (Status.FAILED, None)
    assert found.failure is not None
    assert "Nothing is lost" in found.failure


def test_a_cell_that_was_killed_is_replaced_and_costs_nobody_anything(
    quiet: Cast, cell: Cell
) -> None:
    handed_in = _handed_in(quiet, HONEST)
    containers = [pid for pid in children(os.getpid()) if "bwrap" in _program(pid)]
    for pid in [inside for container in containers for inside in descendants(container)]:
        os.kill(pid, signal.SIGKILL)
    grade_next(cell)
    found = look(handed_in)
    assert (found.status, found.score, found.claims) == (Status.GRADED, 70.0, 1)


def test_told_to_end_at_once_it_returns_what_it_holds(quiet: Cast, cell: Cell) -> None:
    handed_in = _handed_in(quiet, b"while True: pass\n")

    def interrupt(_number: int, _frame: object) -> None:
        raise SystemExit

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        with pytest.raises(SystemExit):
            grade_next(cell)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert look(handed_in).status is Status.QUEUED
