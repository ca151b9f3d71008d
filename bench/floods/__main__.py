"""`python -m bench.floods`: each flood in turn, and what somebody honest notices of it."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import httpx

from bench.floods.attacks import FLOODS, Target, run
from bench.floods.honest import Honest
from bench.floods.scene import Scene, scene
from tests.support.cast import PASSWORD, Person
from tests.support.processes.stack import Stack

_LINES = b"x = 1\n" + b"\n" * 262_000
_SLEEPS = """
import os, time
end = time.monotonic() + 9.5
while time.monotonic() < end:
    try:
        time.sleep(0.1)
    except BaseException:  # the timer that interrupts statements which take too long
        pass
# {}
"""
_CRASHES = _SLEEPS + "os.abort()\n"


def main() -> None:
    """Flood and measure. Everything stays on this machine, and ends by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="of each flood")
    parser.add_argument("only", nargs="*", help=f"of: {', '.join([*FLOODS, *FILES])}")
    options = parser.parse_args()
    chosen = options.only or [*FLOODS, *FILES]
    cores, busy = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    print(f"{cores} cores, load {busy:.1f} before.\n")
    for name in ["nobody floods", *chosen]:
        with tempfile.TemporaryDirectory(prefix="chainrule-floods-") as folder:
            stack = Stack(Path(folder) / "data").start()
            try:
                with scene(stack) as there:
                    _measure(name, there, options.seconds)
            finally:
                stack.stop()


def _measure(name: str, there: Scene, seconds: float) -> None:
    honest = Honest(there)
    honest.work(2)  # what is done only once
    honest = Honest(there)
    before = _memory(there)
    if name in FILES:
        FILES[name](there)
        honest.work(max(seconds, 25))
    else:
        _beside(name, there, honest, seconds)
    print(f"{name:<14} {honest.told()}", flush=True)
    ready = httpx.get(f"{there.stack.url}/readyz", trust_env=False, timeout=30).json()["status"]
    print(f"      web's memory {before} -> {_memory(there)} MB; {ready} afterwards\n", flush=True)


def _beside(name: str, there: Scene, honest: Honest, seconds: float) -> None:
    if name not in FLOODS:
        honest.work(seconds)
        return
    target = _target(name, there)
    flood = get_context("spawn").Process(target=run, args=(name, target, seconds + 3))
    flood.start()
    time.sleep(2)
    honest.work(seconds)
    if name == "valkey":
        said = httpx.get(f"{there.stack.url}/readyz", trust_env=False, timeout=30).json()
        print(f"      readiness meanwhile: {said['status']}")
    flood.join()


def _target(name: str, there: Scene) -> Target:
    person = there.flooders[0]
    cookie = "; ".join(f"{key}={value}" for key, value in person.cookie.items())
    paths: tuple[str, ...] = ()
    if name == "streams":
        paths = (f"/submissions/{there.held()}/events",)
    if name == "views":
        made = [_hand_in(there, person, source) for source in (_LINES, b"#\n" * 131_000)]
        time.sleep(3)
        paths = (f"/submissions/{made[0]}", there.path("compare"))
    if name == "uploads":
        paths = (there.path("submissions"),)
    if name == "valkey":
        paths = (there.stack.environment["CHAINRULE_REDIS_URL"],)
    known = cookie if name in ("streams", "views", "uploads") else ""
    return Target(there.stack.url, known, paths, person.email, PASSWORD)


def _hand_in(there: Scene, person: Person, source: bytes) -> str:
    answer = person.web.post(there.path("submissions"), files={"file": ("a.py", source)})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].rsplit("/", 1)[1])


def _fifty(text: str) -> Callable[[Scene], None]:
    """Fifty such files of one student."""

    def send(there: Scene) -> None:
        for number in range(50):
            _hand_in(there, there.flooders[0], text.format(number).encode())
        time.sleep(1)

    return send


def _several(there: Scene) -> None:
    """Five such files of each of five students, who come at once."""

    def send(person: Person) -> None:
        for number in range(5):
            _hand_in(there, person, _SLEEPS.format(f"{person.email} {number}").encode())

    with ThreadPoolExecutor(5) as clients:
        list(clients.map(send, there.flooders[:5]))
    time.sleep(1)


FILES: dict[str, Callable[[Scene], None]] = {
    "50 sleepers": _fifty(_SLEEPS),
    "50 crashers": _fifty(_CRASHES),
    "5 x 5 sleepers": _several,
}


def _memory(there: Scene) -> int:
    """What the web server's process has in memory, in MB."""
    status = Path(f"/proc/{there.stack.pids()['web']}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
