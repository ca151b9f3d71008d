"""A long run in the last worker ends for somebody who is new, and is run again in its turn."""

from __future__ import annotations

import threading

import pytest

from app.models import Status
from tests.support.cast import Cast
from tests.support.cells import BRIEF, HONEST
from tests.support.waiting import wait_for
from tests.worker.handing_in import begun, claimed, hand_in, look, workers
from worker import pipeline
from worker.pipeline import grade_next
from worker.sandbox import Cell

SLEEPS = b"import time\ntime.sleep(9)\n"


def test_it_ends_for_somebody_new_and_loses_no_try(
    quiet: Cast, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = quiet.course()
    assignment = quiet.assignment(course)
    people = [quiet.person(f"Student {number}", course) for number in range(3)]
    workers(2)
    hand_in(people[0], assignment)
    elsewhere = claimed()
    begun(elsewhere, 5)
    sleeper = hand_in(people[1], assignment, SLEEPS)
    came = []

    def come() -> None:
        wait_for(lambda: look(sleeper).status is Status.RUNNING, "the sleeper's run")
        came.append(hand_in(people[2], assignment, HONEST))

    coming = threading.Thread(target=come)
    coming.start()
    assert grade_next(cell)
    coming.join()
    found = look(sleeper)
    assert (found.status, found.claims, found.lease) == (Status.QUEUED, 0, None)
    workers(1)  # those of before may have been silent for too long on a busy machine
    assert grade_next(cell)
    assert look(came[0]).score == 70.0
    monkeypatch.setattr(pipeline, "limits", lambda: BRIEF)
    assert grade_next(cell)
    assert look(sleeper).status is Status.GRADED
