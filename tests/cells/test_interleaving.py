"""Beside a run, work of ours gets done, holds nothing up, and may have heard enough."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from graders.judge import judge
from graders.model.evidence import Evidence
from tests.support.cells import HONEST, POINTS, direct, whole_plan
from worker.judging import Judging
from worker.sandbox import Cell, Limits, session
from worker.sandbox.decoding.evidence import Decoder
from worker.sandbox.interleaving import NoObserver

pytestmark = pytest.mark.long


class Counting(NoObserver):
    """Works `most` times, and then says that it is over."""

    def __init__(self, most: float = float("inf")):
        self.most, self.done = most, 0

    def step(self, seen: Evidence) -> bool:
        self.done += 1
        return self.done < self.most


def test_work_goes_on_while_nothing_comes_and_stops_when_something_does() -> None:
    ours, theirs = socket.socketpair()

    class Closing(Counting):
        def step(self, seen: Evidence) -> bool:
            if self.done == 2:
                theirs.close()
            return super().step(seen)

    observer = Closing(5)
    header, _ = whole_plan().requests(b"").direct
    with ours:
        talk = session.Conversation(ours, bytes(32), Decoder(header, Limits()), Limits())
        session.listen([talk], observer, talk.decoder.seen)
    assert observer.done == 3
    assert "went down" in str(talk.lost)


def test_what_is_judged_meanwhile_is_what_is_judged_afterwards(cell: Cell) -> None:
    wrong = HONEST.replace(b"A.t() @ g", b"-(A.t() @ g)")
    assert wrong != HONEST
    for source in (HONEST, wrong, b"import os\nos._exit(3)", b"class Sum(", HONEST[:1000]):
        ahead, later = whole_plan(), whole_plan()
        judging = Judging(ahead, POINTS)
        evidence = cell.run(ahead.requests, source, observer=judging)
        report = judging.report(evidence)
        assert report == judge(later, evidence, POINTS).to_json()
        everything = cell.run(later.requests, source)
        assert report == judge(later, everything, POINTS).to_json()


def test_a_file_without_a_fault_is_not_asked_what_would_only_show_one(cell: Cell) -> None:
    plan = whole_plan()
    evidence = cell.run(plan.requests, HONEST, observer=Judging(plan, POINTS))
    assert evidence.ending.kind == "done"
    asked = [one for slug in plan.slugs for one in plan.asked(slug)]
    assert set(evidence.probes) == {one.id for one in asked if one.engine}
    assert set(direct(evidence).probes) == {one.id for one in asked}


def test_what_a_file_lacks_is_not_waited_for(cell: Cell) -> None:
    plan = whole_plan()
    source = HONEST[HONEST.index(b"class Sum") :]
    source = b"import torch\nfrom torch.autograd import Function\n\n\n" + source
    evidence = cell.run(plan.requests, source, observer=Judging(plan, POINTS))
    assert evidence.loaded is not None
    assert not evidence.loaded.entries["addition"].found
    assert not any("/small/" in name for run in (evidence, direct(evidence)) for name in run.probes)


def test_where_one_exercise_is_wrong_more_is_asked(cell: Cell) -> None:
    plan = whole_plan()
    wrong = HONEST.replace(b"A.t() @ g", b"-(A.t() @ g)")
    evidence = cell.run(plan.requests, wrong, observer=Judging(plan, POINTS))
    more = {one.id for one in plan.probes if one.engine or not one.gives_points}
    assert set(evidence.probes) == more
    assert set(direct(evidence).probes) == {one.id for one in plan.probes}


def test_work_without_an_end_holds_no_answer_up(cell: Cell) -> None:
    evidence = cell.run(whole_plan().requests, HONEST, observer=Counting())
    assert evidence.ending.kind == "done"
    assert len(direct(evidence).probes) == len(whole_plan().probes)


def outcomes(exercise: dict[str, Any]) -> list[tuple[str, str, float]]:
    return [(one["name"], one["status"], one["points"]) for one in exercise["checks"]]


def test_what_is_told_of_a_run_that_takes_its_time_is_what_its_report_says(cell: Cell) -> None:
    slow = HONEST.replace(b"def forward(ctx, A, x):", b"def forward(ctx, A, x):\n        _rest()")
    slow += b"\nimport time\ndef _rest(rests=[0.9]):\n    while rests: time.sleep(rests.pop())\n"
    wrong = slow.replace(b"return x1 * x2", b"return x1 - x2")
    for source in (slow, wrong, wrong.replace(b"class Sum", b"class Total")):
        plan, told = whole_plan(), list[dict[str, Any]]()
        judging = Judging(plan, POINTS, tell=told.extend)
        report = judging.report(cell.run(plan.requests, source, observer=judging))
        last = {one["slug"]: one for one in report["exercises"]}
        assert {one["slug"] for one in told} >= {"addition", "product", "sum"}
        for one in told:
            whole = last[one["slug"]]
            assert (one["score"], outcomes(one)) == (whole["score"], outcomes(whole))


def test_after_a_stop_the_exercises_that_come_later_are_told_as_well(cell: Cell) -> None:
    hangs = HONEST.replace(b"return x1 * x2", b"while True: pass", 1)
    assert hangs != HONEST
    plan, told = whole_plan(), list[dict[str, Any]]()
    judging = Judging(plan, POINTS, tell=told.extend)
    limits = Limits(wall_s=1.5, cpu_s=3)
    report = judging.report(cell.run(plan.requests, hangs, limits, observer=judging))
    assert "addition" in {one["slug"] for one in told}
    right = {one["slug"] for one in report["exercises"] if one["score"] == one["max_score"]}
    assert {one["slug"] for one in told} <= right | {"product", "composition"}
