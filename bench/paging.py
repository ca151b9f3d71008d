"""`python -m bench.paging`: reads 100,000 submissions page by page, over REST.

Prints how long the first, the middle and the last pages take, beside a trivial request.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx

from app.models import Role
from bench import gradebook
from tests.conftest import forget_settings
from tests.support.cast import cast_of
from tests.support.processes.stack import Stack

PER_PAGE, ROUNDS = 100, 50


def main() -> None:
    """Seed, read, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--attempts", type=int, default=100, help="of each, at one assignment")
    options = parser.parse_args(namespace=argparse.Namespace(assignments=1))
    with tempfile.TemporaryDirectory(prefix="chainrule-bench-") as folder:
        stack = Stack(Path(folder) / "data", CHAINRULE_API_LIMIT="1000000/minute").start()
        try:
            os.environ.update(stack.environment)
            forget_settings()
            with cast_of(stack.url) as cast:
                course = cast.course()
                teacher = cast.person("Ines Instructor", course, Role.INSTRUCTOR)
                gradebook.seed(course, options)
                _measure(teacher.api, course.id)
        finally:
            stack.stop()


def _measure(api: httpx.Client, course_id: int) -> None:
    (sheet,) = api.get(f"/courses/{course_id}/assignments").json()
    began = time.perf_counter()
    pages = list(_pages(api, f"/assignments/{sheet['id']}/submissions?per_page={PER_PAGE}"))
    print(f"{len(pages)} pages of {PER_PAGE} read in {time.perf_counter() - began:.1f} s\n")
    places = {
        "a trivial one: GET /me": ["/me"],
        "the first pages": pages[:ROUNDS],
        "pages in the middle": pages[len(pages) // 2 :][:ROUNDS],
        "the last pages": pages[-ROUNDS:],
    }
    taken: dict[str, list[float]] = {name: [] for name in places}
    for n in range(ROUNDS):  # in turn, as a machine is not always as fast
        for name, some in places.items():
            taken[name].append(_seconds(api, some[n % len(some)]))
    trivial = median(next(iter(taken.values())))
    print(f"{'request':<34}{'median':>10}{'ratio':>9}")
    for name, seconds in taken.items():
        print(f"{name:<34}{median(seconds) * 1000:>7.1f} ms{median(seconds) / trivial:>9.1f}")


def _seconds(api: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    api.get(path).raise_for_status()
    return time.perf_counter() - began


def _pages(api: httpx.Client, first: str) -> Iterator[str]:
    """The addresses of all pages, by following the links."""
    url = first
    while url:
        yield url
        url = api.get(url).raise_for_status().links.get("next", {}).get("url", "")


if __name__ == "__main__":
    main()
