"""What a submission may use: each limit has its own ending, and what was done before it counts."""

from __future__ import annotations

import pytest

from graders.model.evidence import Ending
from tests.support.cells import BRIEF, HONEST, POINTS, Settings, direct, raised, run, whole_plan
from worker.sandbox import Cell, Limits

pytestmark = pytest.mark.long

HANGING = b"""
def _slow(ctx, x):
    while True:
        pass
Sigmoid.forward = staticmethod(_slow)
"""
ON_EMPTY = """
_right = Sigmoid.forward
def _odd(ctx, x):
    while x.numel() == 0:
        {what}
    return _right(ctx, x)
Sigmoid.forward = staticmethod(_odd)
"""
SLEEPING = b"""
import time
Sigmoid.forward = staticmethod(lambda ctx, x: time.sleep(60))
"""
_ALL_OF_IT = Ending("memory", "it used all of the 256 MB that it may have")
HOARDING = b"""
import torch
hoard = []
def _hoard(ctx, x):
    for size in (1 << 20, 1 << 12):
        try:
            while True:
                hoard.append(bytearray(size))
        except MemoryError:
            pass
    return torch.ones(1).expand(1 << 20)
Sigmoid.forward = staticmethod(_hoard)
"""
STUBBORN = """
def go_on():
    try:
        while True:
            pass
    except BaseException:
        go_on()
go_on()
"""
WILD_READ = """
import numpy as np
np.lib.stride_tricks.as_strided(np.ones(1), (1 << 40,), (8,)).sum()
"""


def probes_of(slug: str) -> set[str]:
    """An exercise's probes, but for those that come last and only look for a small example."""
    return {probe.id for probe in whole_plan().of(slug) if "/small/" not in probe.id}


def test_an_honest_file_answers_every_probe_and_is_done(cell: Cell) -> None:
    evidence = run(cell, HONEST)
    assert evidence.ending.kind == "done"
    probes = whole_plan().probes
    ordinary = {one.id for one in probes if one.engine or not one.gives_points}
    assert evidence.probes.keys() == ordinary
    assert direct(evidence).probes.keys() == {one.id for one in probes}
    results = [*evidence.probes.values(), *direct(evidence).probes.values()]
    assert all(result.error is None for result in results)


def test_a_hang_is_a_timeout_and_all_other_exercises_count(cell: Cell) -> None:
    evidence = run(cell, HONEST + HANGING, Limits(wall_s=1.0))
    assert evidence.ending.kind == "timeout"
    assert "1 second" in evidence.ending.detail
    answered = direct(evidence).probes.keys()
    assert not probes_of("sigmoid") & answered
    for slug in POINTS.keys() - {"sigmoid"}:
        assert probes_of(slug) <= answered


def test_computing_for_too_long_is_told_from_waiting_for_too_long(cell: Cell) -> None:
    computing = run(cell, HONEST + HANGING, Limits(wall_s=5.0, cpu_s=1))
    assert computing.ending.kind == "cpu"
    waiting = run(cell, HONEST + SLEEPING, Limits(wall_s=0.5))
    assert waiting.ending.kind == "timeout"


@pytest.mark.parametrize(
    ("endless", "line"),
    [
        ("while True: pass\n", 1),
        ("import time\ntime.sleep(60)\n", 2),
        ("import re\nre.match('(a+)+$', 'a' * 60 + 'b')\n", 2),
        ("import time\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass\n", 2),
    ],
)
def test_a_statement_without_end_is_stopped_and_the_rest_of_the_file_counts(
    cell: Cell, endless: str, line: int
) -> None:
    evidence = run(cell, endless.encode() + HONEST, Limits(wall_s=4.0))
    assert evidence.ending.kind == "done"
    assert evidence.loaded is not None
    (stopped,) = evidence.loaded.raised
    assert (stopped.type, stopped.line) == ("TimeoutError", line)
    assert "2 seconds" in stopped.message
    assert len(direct(evidence).probes) == len(whole_plan().probes)


def test_several_statements_without_end_leave_time_for_the_rest(cell: Cell) -> None:
    evidence = run(cell, b"while True: pass\n" * 4 + HONEST, Limits(wall_s=6.0))
    assert evidence.ending.kind == "done"
    assert [one[0] for one in raised(evidence)] == ["TimeoutError"] * 4
    assert len(direct(evidence).probes) == len(whole_plan().probes)


def test_whoever_catches_every_interruption_meets_the_outer_limit(cell: Cell) -> None:
    source = b"import sys\nsys.setrecursionlimit(10**6)\n" + STUBBORN.encode() + HONEST
    assert run(cell, source, Limits(wall_s=1.0)).ending.kind == "timeout"


def test_nobody_can_switch_the_timer_off(cell: Cell) -> None:
    source = b"""
import signal
def attempt(what, *args):
    try:
        what(*args)
    except OSError:
        print("no")
attempt(signal.signal, signal.SIGALRM, signal.SIG_IGN)
attempt(signal.setitimer, signal.ITIMER_REAL, 0)
attempt(signal.pthread_sigmask, signal.SIG_BLOCK, [signal.SIGALRM])
while True: pass
"""
    evidence = run(cell, source + HONEST, Limits(wall_s=2.0))
    assert evidence.output == "no\n" * 3
    assert [one[0] for one in raised(evidence)] == ["TimeoutError"]


@pytest.mark.parametrize(
    "greedy",
    ["x = bytearray(10**9)", "import torch\nx = torch.ones(10**9)", "x = [0]\nwhile True: x += x"],
)
def test_too_much_memory_raises_in_the_file_and_the_rest_of_it_goes_on(
    cell: Cell, greedy: str
) -> None:
    limits = Limits(wall_s=8.0, cpu_s=8, memory_mb=256)
    evidence = run(cell, greedy.encode() + b"\n" + HONEST, limits)
    assert evidence.ending.kind == "done"
    (kind, _message), *_ = raised(evidence)
    assert kind in ("MemoryError", "RuntimeError")
    assert len(direct(evidence).probes) == len(whole_plan().probes)


def test_a_hang_on_an_edge_case_leaves_the_plain_ones_of_the_same_exercise(cell: Cell) -> None:
    evidence = run(cell, HONEST + ON_EMPTY.format(what="pass").encode(), Limits(wall_s=1.0))
    assert direct(evidence).ending.kind == "timeout"
    plain = ("basic", "float64", "scalars", "shapes", "needs")
    wanted = {probe for probe in probes_of("sigmoid") if probe.split("/")[1] in plain}
    assert wanted <= direct(evidence).probes.keys()


def test_a_crash_leaves_every_answer_before_it(cell: Cell) -> None:
    crash = "__import__('os')._exit(3)"
    evidence = run(cell, HONEST + ON_EMPTY.format(what=crash).encode(), BRIEF)
    answered = direct(evidence).probes.keys()
    assert direct(evidence).ending.kind == "crashed"
    assert probes_of("sigmoid") - answered <= {"sigmoid/empty", "sigmoid/curve"}


def test_whoever_keeps_all_the_memory_during_the_checks_is_told_of_the_memory(cell: Cell) -> None:
    evidence = run(cell, HONEST + HOARDING, Limits(memory_mb=256))
    told = [run.ending == _ALL_OF_IT for run in (evidence, direct(evidence))]
    errors = [one.error for one in evidence.probes.values() if one.error is not None]
    assert any(told) or {one.type for one in errors} == {"MemoryError"}
    assert probes_of("sum") <= direct(evidence).probes.keys()


def test_memory_within_the_limit_is_there(cell: Cell) -> None:
    evidence = run(cell, "x = bytearray(150 << 20)", Limits(memory_mb=256))
    assert raised(evidence) == []


def test_output_beyond_the_limit_is_cut_and_costs_nothing(cell: Cell) -> None:
    evidence = run(cell, b"print('x' * 10**6)\n" + HONEST, Limits(output_bytes=1000))
    assert evidence.ending.kind == "done"
    assert evidence.output == "x" * 1000
    assert evidence.output_cut
    assert len(direct(evidence).probes) == len(whole_plan().probes)


def test_threads_and_processes_cannot_be_started_and_the_file_is_told_so(cell: Cell) -> None:
    evidence = run(
        cell,
        "import threading, os, subprocess\n"
        "threading.Thread(target=print).start()\n"
        "os.fork()\n"
        "subprocess.run(['true'])\n",
    )
    assert evidence.ending.kind == "done"
    assert len(raised(evidence)) == 3


def test_endless_recursion_is_an_error_like_any_other(cell: Cell) -> None:
    evidence = run(cell, b"def f(): return f()\nf()\n" + HONEST)
    assert evidence.ending.kind == "done"
    assert raised(evidence)[0][0] == "RecursionError"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os\nos._exit(0)", "exit code 0"),
        (WILD_READ, "SIG"),
    ],
)
def test_a_crash_says_how_the_process_ended_after_a_fresh_cell_showed_the_same(
    cell: Cell, source: str, said: str
) -> None:
    evidence = run(cell, source)
    assert evidence.ending.kind == "crashed"
    assert said in evidence.ending.detail
    assert run(cell, HONEST).ending.kind == "done"


def test_settings_of_the_service_have_what_a_cell_needs() -> None:
    from app.settings import Settings as ServiceSettings

    of_the_service = ServiceSettings()
    for name in vars(Settings()):
        assert hasattr(of_the_service, name)
