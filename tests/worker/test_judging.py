"""Judging is bounded: evidence that would hold a worker, or fill the database, is our fault."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.models import Status
from app.settings import settings
from graders.incremental import IncrementalJudge
from graders.judge import judge
from graders.model.evidence import Ending, Evidence, Loaded, Parsed
from tests.support.cast import Cast
from tests.support.cells import HONEST, POINTS, whole_plan
from tests.support.waiting import wait_for
from tests.worker.handing_in import hand_in, look
from worker import judging, pipeline
from worker.judging import Judging, OutOfBounds
from worker.pipeline import grade_next
from worker.sandbox import Cell


@pytest.fixture(autouse=True)
def no_garbage_of_others() -> Iterator[None]:
    """Python can only report as lost what is raised in a finaliser, as of an earlier test's."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def endless(*_: Any) -> None:
    while True:
        pass


@pytest.mark.parametrize("when", ["step", "report"])
def test_a_judge_that_does_not_end_is_our_fault_and_the_worker_goes_on(
    quiet: Cast, cell: Cell, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    course = quiet.course()
    person, assignment = quiet.person("Sam", course), quiet.assignment(course)
    costly = hand_in(person, assignment, HONEST)
    with monkeypatch.context() as patch:
        # Nothing else is under the bound here: it would strike anywhere, on a slow machine.
        patch.setattr(Judging, "is_enough", lambda *_: True)
        if when == "report":
            patch.setattr(Judging, "step", lambda *_: False)
        patch.setattr(IncrementalJudge, when, endless)
        patch.setattr(judging, "SECONDS", 0.1)
        patch.setattr(pipeline, "PAUSE_S", 0.05)
        for _ in range(settings().max_claims):
            assert look(costly).status is Status.QUEUED
            wait_for(lambda: grade_next(cell), "the next try")
    assert (look(costly).status, look(costly).score) == (Status.FAILED, None)
    next_one = hand_in(person, assignment, HONEST)
    grade_next(cell)
    assert look(next_one).score == 70.0


def test_a_bound_leaves_the_clock_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.getsignal(signal.SIGALRM)
    Judging(whole_plan(), POINTS).report(Evidence(None, None, ending=Ending("crashed")))
    monkeypatch.setattr(IncrementalJudge, "report", endless)
    monkeypatch.setattr(judging, "SECONDS", 0.1)
    with pytest.raises(OutOfBounds, match=r"more than 0\.1 seconds"):
        Judging(whole_plan(), POINTS).report(Evidence(None, None))
    assert signal.getsignal(signal.SIGALRM) is before
    left, again = signal.getitimer(signal.ITIMER_REAL)
    assert again == 0
    assert left == 0 or left > 1  # that of whoever runs the tests


def test_many_short_looks_are_bounded_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IncrementalJudge, "step", lambda *_: time.sleep(0.03))
    monkeypatch.setattr(judging, "SECONDS", 0.2)
    observer = Judging(whole_plan(), POINTS)
    with pytest.raises(OutOfBounds):
        [observer.step(Evidence(None, None)) for _ in range(100)]


def test_a_report_that_is_too_long_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Evidence(Parsed(None), Loaded((), (), {}))
    letters = len(str(judge(whole_plan(), evidence, POINTS).to_json()))
    monkeypatch.setattr(judging, "BYTES", letters // 2)
    with pytest.raises(OutOfBounds, match="bytes"):
        Judging(whole_plan(), POINTS).report(evidence)
