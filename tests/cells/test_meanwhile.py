"""Work of ours that is done while a cell is at work: it gets done, and holds nothing up."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import count

import pytest

from graders.judge import judge
from tests.support.cells import HONEST, POINTS, whole_plan
from worker.cells import Cell, Limits, session
from worker.cells.decode import Decoder


def test_work_goes_on_while_nothing_comes_and_stops_when_something_does() -> None:
    ours, theirs = socket.socketpair()
    done = []

    def steps() -> Iterator[None]:
        for number in range(5):
            done.append(number)
            if number == 2:
                theirs.close()
            yield

    header, _ = whole_plan().request(b"")
    with ours, pytest.raises(session.Lost, match="went down"):
        session.listen(ours, bytes(32), Decoder(header, Limits()), Limits(), steps())
    assert done == [0, 1, 2]


def test_what_is_worked_out_ahead_judges_the_same(cell: Cell) -> None:
    ahead, later = whole_plan(), whole_plan()
    evidence = cell.run(ahead.request, HONEST, meanwhile=ahead.prepared())
    assert judge(ahead, evidence, POINTS) == judge(later, evidence, POINTS)


def test_work_without_an_end_holds_no_answer_up(cell: Cell) -> None:
    evidence = cell.run(whole_plan().request, HONEST, meanwhile=count())
    assert evidence.ending.kind == "done"
    assert len(evidence.probes) == len(whole_plan().probes)
