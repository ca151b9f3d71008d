"""Owns the log of a cell that is a service: JSON lines on its standard output. Others have none.

Only processes that never run a submission write here; in a child the descriptor is closed.
"""

from __future__ import annotations

import contextlib
import json
import os
import time

_descriptor = -1


def keep(descriptor: int) -> None:
    """From now on lines go to `descriptor`."""
    global _descriptor
    _descriptor = descriptor


def say(event: str, level: str = "info", **details: object) -> None:
    """Writes a line, of the form that the rest of the service logs in."""
    if _descriptor < 0:
        return
    now = time.time()
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{now % 1 * 1e6:06.0f}Z"
    line = {**details, "event": event, "level": level, "timestamp": moment}
    with contextlib.suppress(OSError):  # nobody reads it: grading matters more
        os.write(_descriptor, json.dumps(line).encode() + b"\n")
