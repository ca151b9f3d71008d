"""Owns waiting: for a condition, never for luck."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")
_POLL_S = 0.02


def wait_for(
    condition: Callable[[], T | bool | None], what: str = "", *, seconds: float = 120.0
) -> T:
    """Poll until `condition()` is truthy and return that; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain: {what or condition}")
        time.sleep(_POLL_S)
    return cast("T", found)
