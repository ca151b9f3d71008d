"""`make bench`: latency, throughput, and what the same work costs without the service."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from bench import FULL
from bench.service import Service
from tests.support.processes.stack import Stack

WARM_UP = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--singles", type=int, default=60, help="uploads one at a time")
    parser.add_argument("--burst", type=int, default=200, help="uploads at once")
    parser.add_argument("--cold", type=int, default=5, help="cold processes")
    options = parser.parse_args()
    cores, busy = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    print("One file, seven exercises, all right.")
    print(f"{cores} cores, of which other work keeps {min(busy, cores):.1f} busy at the start.\n")
    with tempfile.TemporaryDirectory(prefix="chainrule-bench-") as folder:
        stack = Stack(Path(folder) / "data", CHAINRULE_SUBMIT_LIMIT="1000000/minute").start()
        service = Service(stack)
        try:
            single = _singles(service, options.singles)
            _burst(service, options.burst)
        finally:
            service.close()
            stack.stop()
    cold = _cold(options.cold)
    warm = _warm(options.singles)
    print(f"\ncold process / upload to graded: {cold / single:.1f} times")
    print(f"upload to graded / checks alone:  {single / warm:.1f} times")


def _singles(service: Service, count: int) -> float:
    for _ in range(WARM_UP):
        service.one()
    runs = [service.one() for _ in range(count)]
    print("(a) upload to graded over REST, one at a time")
    _say("by the client's clock", [run.wall for run in runs])
    _say("by the service's times", [run.inside for run in runs])
    for phase in runs[0].phases_ms:
        _say(f"  of that: {phase}", [run.phases_ms[phase] / 1000 for run in runs])
    return median(run.wall for run in runs)


def _burst(service: Service, count: int) -> None:
    runs = service.burst(count)
    whole = (max(run.done for run in runs) - min(run.submitted for run in runs)).total_seconds()
    print(f"(b) {count} at once: all graded, full marks, in {whole:.2f} s")
    print(f"    {count / whole:.1f} a second, the uploads themselves included")
    _say("from upload to graded", [run.inside for run in runs])


def _cold(count: int) -> float:
    def once() -> float:
        began = time.perf_counter()
        assert _checks("cold") == f"{FULL:g}\n"
        return time.perf_counter() - began

    once()  # the first one also reads torch from the disk
    seconds = [once() for _ in range(count)]
    print("(c) the same file and checks in a cold process that imports torch")
    _say("python -m bench.grading", seconds)
    return median(seconds)


def _warm(count: int) -> float:
    seconds = [float(line) for line in _checks("warm", str(count + WARM_UP)).split()][WARM_UP:]
    print("(d) the same checks in a warm process, without a service or a sandbox")
    _say("checks alone", seconds)
    return median(seconds)


def _checks(*arguments: str) -> str:
    command = [sys.executable, "-m", "bench.grading", *arguments]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, env=environment
    ).stdout


def _say(what: str, seconds: Sequence[float]) -> None:
    late = quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
    print(f"    {what:<26} median {1000 * median(seconds):8.1f} ms   p95 {1000 * late:8.1f} ms")


if __name__ == "__main__":
    main()
