"""Owns stopping a top-level statement that runs for too long, so that the rest of a file counts.

Whoever catches what the handler raises, each time again, meets the limit of the whole run. A
submission can reach the handler (`signal.getsignal`), but nothing through it.
"""

from __future__ import annotations

import builtins
import signal
from time import monotonic
from types import FrameType

from ..hardening.frame_proxies import opaque

globals()["__builtins__"] = vars(builtins).copy()

SHARE = 0.5
"""Of the time of a run, what all top-level statements together may take."""
_GRACE = 0.05
"""Of the same, what each one after that may still take."""

_monotonic = monotonic
_seconds = _grace = 0.0
_began: float | None = None
_fired = False
_spared: frozenset[int] = frozenset()


def arm(limit_s: float, spared: frozenset[int]) -> None:
    """Has a timer tick from when the share of `limit_s` seconds is over.

    Nothing is raised in code whose globals' id is one of `spared`. Called before system calls are
    cut down: what is set then cannot be changed by anybody.
    """
    global _seconds, _grace, _spared
    _seconds, _grace, _spared = limit_s * SHARE, limit_s * _GRACE, spared
    signal.signal(signal.SIGALRM, opaque(_tick))
    signal.setitimer(signal.ITIMER_REAL, _seconds, _grace)


def begin() -> None:
    """A statement is about to run."""
    global _began, _fired
    _began, _fired = _monotonic(), False


def end() -> str:
    """The statement is over; why it was stopped, if it was."""
    global _began
    _began = None
    return f"the top level of a file may take {_seconds:g} seconds in all" if _fired else ""


def _tick(_number: int, frame: FrameType | None) -> None:
    global _fired
    if _began is None or _monotonic() - _began < _grace:
        return
    if frame is not None and id(frame.f_globals) not in _spared:
        _fired = True
        raise KeyboardInterrupt
