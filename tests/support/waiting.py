"""Owns waiting: for a condition, never for luck."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")
_POLL_S, _LONGEST_S = 0.02, 0.2
_SHARE = 1 / 20
"""Of the time that was waited: who waits for long looks more seldom, and leaves the processor to
what is waited for."""


def wait_for(
    condition: Callable[[], T | bool | None], what: str = "", *, seconds: float = 120.0
) -> T:
    """Poll until `condition()` is truthy and return that; fails after `seconds`."""
    began = time.monotonic()
    while not (found := condition()):
        waited = time.monotonic() - began
        if waited > seconds:
            raise AssertionError(f"waited {seconds:g} s in vain: {what or condition}")
        time.sleep(min(_LONGEST_S, max(_POLL_S, waited * _SHARE)))
    return cast("T", found)
