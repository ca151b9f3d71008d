"""A visitor's file is graded while nobody with an account waits, one at a time, and gives way."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.errors import NotFound, TooMany
from app.grading import visitors
from app.grading.uploads import Upload
from app.infrastructure import database, queue
from app.models import Status, VisitorTrial
from app.scheduling import visitor_turns
from app.scheduling.leases import Work
from app.settings import settings
from tests.support.cast import Cast
from tests.support.cells import BRIEF, HONEST
from tests.support.waiting import wait_for
from tests.worker.handing_in import claim as claim_submission
from tests.worker.handing_in import hand_in, look, workers
from worker import pipeline
from worker.sandbox import Cell, CellFault
from worker.sweeper import sweep
from worker.visitors import grade_next

SLEEPS = b"import time\ntime.sleep(2.5)\n"


def come(source: bytes = HONEST) -> str:
    """A visitor's file, of which nobody was told; the secret of its page."""
    with database.session() as session:
        secret = visitors.accept(session, Upload("mine.py", source))
        database.forget_acts(session)
        session.commit()
    return secret


def claim() -> Work | None:
    with database.session() as session:
        work = visitor_turns.claim(session, {"sum": 10.0}, 30)
        session.commit()
    return work


def seen(secret: str) -> VisitorTrial:
    with database.session() as session:
        return visitors.get(session, secret)


def test_nobody_with_an_account_waits_for_one(quiet: Cast) -> None:
    course = quiet.course()
    come()
    hand_in(quiet.person("Sam", course), quiet.assignment(course))
    assert claim() is None
    assert claim_submission() is not None
    assert claim() is not None


def test_they_are_taken_one_at_a_time_in_their_order(quiet: Cast) -> None:
    first, second = come(), come()
    work = claim()
    assert work is not None
    assert claim() is None
    assert seen(first).status is Status.RUNNING
    with database.session() as session:
        assert visitor_turns.settle(session, work, {"score": 1.0, "max_score": 1.0, "notes": []})
        session.commit()
    assert claim() is not None
    assert seen(second).status is Status.RUNNING


def test_one_that_runs_gives_way_to_whoever_comes_and_is_run_again(
    quiet: Cast, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = quiet.course()
    assignment, sam = quiet.assignment(course), quiet.person("Sam", course)
    secret = come(SLEEPS)
    came: list[uuid.UUID] = []

    def arrive() -> None:
        wait_for(lambda: seen(secret).status is Status.RUNNING, "the visitor's run")
        came.append(hand_in(sam, assignment, HONEST))

    workers(1)
    arriving = threading.Thread(target=arrive)
    arriving.start()
    assert grade_next(cell)
    arriving.join()
    found = seen(secret)
    assert (found.status, found.claims, found.lease) == (Status.QUEUED, 0, None)
    assert not grade_next(cell)
    assert pipeline.grade_next(cell)
    assert look(came[0]).score == 70.0
    monkeypatch.setattr(pipeline, "limits", lambda: BRIEF)
    assert grade_next(cell)
    assert seen(secret).status is Status.GRADED


def test_a_fault_of_ours_gives_it_a_second_try_and_no_third(quiet: Cast) -> None:
    class Broken:
        def run(self, *_: object, **__: object) -> None:
            raise CellFault("broken")

    secret = come()
    for after in (Status.QUEUED, Status.FAILED):
        with pytest.raises(CellFault):
            grade_next(Broken())  # type: ignore[arg-type]
        assert seen(secret).status is after


def test_what_a_dead_worker_had_waits_again_and_is_announced(quiet: Cast) -> None:
    secret = come()
    assert claim() is not None
    with database.session() as session:
        past = func.now() - timedelta(seconds=1)
        session.execute(update(VisitorTrial).values(leased_until=past))
        session.commit()
    sweep()
    assert seen(secret).status is Status.QUEUED
    assert queue.announced() == 1


def test_a_sweep_forgets_them_after_an_hour(quiet: Cast) -> None:
    old, new = come(), come()
    with database.session() as session:
        kept = visitors.get(session, new).id
        past = func.now() - visitors.KEPT - timedelta(seconds=1)
        session.execute(update(VisitorTrial).where(VisitorTrial.id != kept).values(came_at=past))
        session.commit()
    sweep()
    with pytest.raises(NotFound):
        seen(old)
    with database.session() as session:
        assert session.scalars(select(VisitorTrial.id)).all() == [kept]


def test_only_so_many_wait_and_the_oldest_results_make_room(
    quiet: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "LINE", 2)
    monkeypatch.setattr(visitors, "MOST", 2)
    first, _ = come(), come()
    with pytest.raises(TooMany, match="come first"):
        come()
    with database.session() as session:
        session.execute(update(VisitorTrial).values(status=Status.GRADED))
        session.commit()
    come()
    with pytest.raises(NotFound):
        seen(first)


def test_where_visitors_may_try_nothing_none_is_graded(
    quiet: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    come()
    monkeypatch.setenv("CHAINRULE_VISITOR_TRIALS", "false")
    settings.cache_clear()
    assert not grade_next(None)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        come()
