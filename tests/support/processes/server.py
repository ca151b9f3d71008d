"""Owns a web server beside the stack's own: the same program with some other settings.

It is forked from a process that has the program loaded (`forking.py`).
"""

from __future__ import annotations

import atexit
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import httpx

from tests.support.processes import forking
from tests.support.processes.stack import alive
from tests.support.waiting import wait_for

_ARGUMENTS = ("web", "--port", "0")
_END_S = 20


@dataclass(frozen=True)
class Server:
    """A running web server and the file of its log."""

    url: str
    log: Path
    pid: int

    def api(self, token: str) -> httpx.Client:
        """A client of its /api/v1 with this token."""
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers=headers,
            timeout=30,
            trust_env=False,
            verify=False,
        )

    def get(self, path: str) -> httpx.Response:
        """What a stranger gets at `path`."""
        return httpx.get(self.url + path, timeout=30, trust_env=False, verify=False)


@contextmanager
def served(
    folder: Path, constants: Mapping[str, object] = MappingProxyType({}), /, **settings: str
) -> Iterator[Server]:
    """A server with the settings of this process, but for these; ended afterwards.

    `constants` are those of modules, as `app.mail.postman._LOOK_S`, that a test would wait for.
    """
    log = folder / "web.log"
    log.touch()
    pid = forking.fork(_ARGUMENTS, os.environ | settings, log, constants)
    try:
        yield _once_it_listens(log, pid)
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        wait_for(lambda: not alive([pid]), "the server's end", seconds=_END_S)


@contextmanager
def served_anew(folder: Path, **environment: str) -> Iterator[Server]:
    """The same, for what the program reads in the environment while it is loaded."""
    log = folder / "web.log"
    command = [sys.executable, "-m", "cli.main", *_ARGUMENTS]
    with log.open("wb") as written:
        process = subprocess.Popen(command, stderr=written, env=os.environ | environment)
    try:
        yield _once_it_listens(log, process.pid)
    finally:
        process.terminate()
        process.wait(_END_S)


def _once_it_listens(log: Path, pid: int) -> Server:
    port = wait_for(
        lambda: re.search(r"running on http://127\.0\.0\.1:(\d+)", log.read_text()),
        "the server's address in its log",
    )
    return Server(f"http://127.0.0.1:{port[1]}", log, pid)


@lru_cache
def _silent() -> socket.socket:
    """Bound, so that no other program gets its port, but not listening."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    atexit.register(taken.close)
    return taken


def nobody() -> str:
    """The host and port of a server that is not there."""
    return f"127.0.0.1:{_silent().getsockname()[1]}"
