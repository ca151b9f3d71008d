"""Owns how long each phase of a submission took."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Milliseconds by the name of a phase, in the order in which they ended."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        stop = self.started(name)
        try:
            yield
        finally:
            stop()

    def started(self, name: str) -> Callable[[], dict[str, float]]:
        """Start a phase. What comes back ends it, and tells all times."""
        began = perf_counter()

        def stop() -> dict[str, float]:
            self.ms[name] = round((perf_counter() - began) * 1000, 3)
            return self.ms

        return stop
