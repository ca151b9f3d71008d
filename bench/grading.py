"""Owns the checks alone: the same plan, runs and verdict in this process, without a sandbox.

`python -m bench.grading cold` is what a cold grader does: start, import torch, grade one file, end.
`python -m bench.grading warm N` does it N times in forks of a warm process, and prints for each the
seconds that the grading itself took.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from dataclasses import replace
from typing import Any

from bench import FULL, POINTS, SOLUTION
from graders.exercises import COURSE_TEXT
from graders.judge import judge
from graders.model.evidence import Ending, Evidence
from graders.probes.plan import Plan, Request, draw_plan
from worker.cell import harness
from worker.sandbox.decoding.evidence import Decoder
from worker.sandbox.decoding.frames import Frame
from worker.sandbox.limits import Limits

Sent = list[tuple[dict[str, Any], bytes]]


def grade(source: bytes) -> tuple[float, float]:
    """The score of a trusted file, and the seconds that its runs and the judge took, one after
    another."""
    began = time.perf_counter()
    planned = draw_plan(COURSE_TEXT, os.urandom(32))
    requests = planned.requests(source)
    planning = time.perf_counter() - began
    ran = [
        _in_fork(request, source, direct)
        for request, direct in zip(requests, (False, True), strict=True)
    ]
    began = time.perf_counter()
    score = _judged(planned, [evidence for evidence, _ in ran])
    return score, planning + sum(took for _, took in ran) + time.perf_counter() - began


def _judged(planned: Plan, runs: list[Evidence]) -> float:
    ordinary, direct = runs
    return judge(planned, replace(ordinary, direct=direct), POINTS).score


def _in_fork(request: Request, source: bytes, direct: bool) -> tuple[Evidence, float]:
    """What one run shows, and the seconds that it took: in a process of its own, as the harness
    shuts the doors behind it. The streams are the submission's there."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        try:
            os.write(writing, b"".join(_ran(request, source, direct)))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as said:
        sent, took = pickle.loads(said.read())
    os.waitpid(child, 0)
    decoder = Decoder(request[0], Limits())
    for header, body in sent:
        decoder.take(Frame(header, body))
    return decoder.evidence(Ending("done")), took


def _ran(request: Request, source: bytes, direct: bool) -> list[bytes]:
    """What one run sends, pickled with the seconds that it took."""
    header, body = request
    sent: Sent = []

    def take(said: dict[str, Any], tensors: bytes = b"", held: bool = False) -> None:
        sent.append((said, tensors))

    if direct:
        harness.go_without_autograd()
    began = time.perf_counter()
    header = header | {"limits": Limits().header(), "patient": True}
    harness.run(header, source, body[len(source) :], take, lambda: False)
    took = time.perf_counter() - began
    return [pickle.dumps((sent, took))]


def warm_up() -> None:
    """Do once what a first grading would have to do, without running a file."""
    harness.warm_up()
    planned = draw_plan(COURSE_TEXT, bytes(32))
    judge(planned, Evidence(None, None), POINTS)


def main(kind: str, count: int = 1) -> None:
    """Grade the solution, `cold` or `warm`."""
    source = SOLUTION.read_bytes()
    warm_up()
    for _ in range(count):
        score, seconds = grade(source)
        assert score == FULL
        print(f"{score:g}" if kind == "cold" else seconds)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
