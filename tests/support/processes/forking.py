"""Owns the process that has our program loaded, and is forked where a test wants another of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path


def fork(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    constants: Mapping[str, object],
) -> int:
    """Run `chainrule` with these arguments, and these constants of its modules in place of its own;
    the new process's id. Nobody need wait for its end."""
    asked, told = _loader().stdin, _loader().stdout
    assert asked is not None
    assert told is not None
    order = {
        "arguments": arguments,
        "environment": dict(environment),
        "log": str(log),
        "constants": dict(constants),
    }
    asked.write(json.dumps(order) + "\n")
    asked.flush()
    answer = told.readline()
    assert answer, "the process with our program loaded has ended; it says why above"
    return int(answer)


def end() -> None:
    """End it, where there is one."""
    if _loader.cache_info().currsize:
        _loader().communicate()
        _loader.cache_clear()


@lru_cache
def _loader() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.support.processes.loader"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
