"""Owns the checks alone: the same plan, run and verdict in this process, without a sandbox.

`python -m bench.checks cold` is what a cold grader does: start, import torch, grade one file, end.
`python -m bench.checks warm N` does it N times in forks of a warm process, and prints for each the
seconds that the grading itself took.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from bench import FULL, POINTS, SOLUTION
from graders.early import Early
from graders.evidence import Ending
from graders.exercise import DEFAULT_RUBRIC
from graders.exercises import COURSE_TEXT
from graders.judge import judge
from graders.plan import plan
from worker.cell import harness
from worker.cells.decode import Decoder
from worker.cells.limits import Limits
from worker.cells.wire import Frame


def grade(source: bytes) -> float:
    """The score of a trusted file. Once in a process: the harness shuts the doors behind it."""
    planned = plan(COURSE_TEXT, os.urandom(32))
    header, body = planned.request(source)
    limits = Limits()
    decoder = Decoder(header, limits)

    def take(said: dict[str, Any], tensors: bytes = b"", held: bool = False) -> None:
        decoder.take(Frame(said, tensors))

    header |= {"limits": limits.header(), "patient": True}
    early = Early(planned, POINTS, DEFAULT_RUBRIC)
    harness.run(
        header, source, body[len(source) :], take, lambda: not early.is_enough(decoder.seen())
    )
    return early.report(decoder.evidence(Ending("done"))).score


def warm_up() -> None:
    """Do once what a first grading would have to do, without running a file."""
    harness.warm_up()
    planned = plan(COURSE_TEXT, bytes(32))
    header, _ = planned.request(b"")
    judge(planned, Decoder(header, Limits()).evidence(Ending("done")), POINTS)


def in_fork(source: bytes) -> float:
    """Seconds that one grading took in a fork of this process, without making the fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            began = time.perf_counter()
            full = grade(source) == FULL
            os.write(writing, repr(time.perf_counter() - began).encode() if full else b"")
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as said:
        return float(said.read())


def main(kind: str, count: int = 1) -> None:
    """Grade the solution, `cold` or `warm`; the streams are the submission's after a run here."""
    source = SOLUTION.read_bytes()
    if kind == "cold":
        os.write(1, f"{grade(source):g}\n".encode())
    else:
        warm_up()
        for _ in range(count):
            print(in_fork(source))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
