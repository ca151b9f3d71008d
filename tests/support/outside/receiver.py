"""Owns a receiver of webhooks: an HTTP server in threads of the test process."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from tests.support.waiting import wait_for


@dataclass(frozen=True)
class Message:
    """One request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def id(self) -> str:
        """What it is known by, however often it comes."""
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        """What it says."""
        return cast("dict[str, Any]", json.loads(self.body))


class Receiver:
    """What came in, and how each path answers: 200 unless `answers` has something else for it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.messages: list[Message] = []
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.over = threading.Event()

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def at(self, path: str) -> list[Message]:
        """What came to a path, in order."""
        return [one for one in self.messages if one.path == path]

    def come(self, path: str, number: int = 1) -> list[Message]:
        """The same, once so many have come."""

        def enough() -> list[Message]:
            found = self.at(path)
            return found if len(found) >= number else []

        return wait_for(enough, f"{number} messages to {path}")

    def answer(self, path: str, status: int, **headers: str) -> None:
        """Have a path answer so."""

        def answered(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(f"This is {status}.".encode())

        self.answers[path] = answered

    def hold(self, path: str) -> threading.Event:
        """Have a path answer only once the event is set, or at the end."""
        released = threading.Event()

        def late(handler: BaseHTTPRequestHandler) -> None:
            while not (released.is_set() or self.over.is_set()):
                released.wait(0.05)
            handler.send_response(200)
            handler.end_headers()

        self.answers[path] = late
        return released


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        """Note what came, and answer."""
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.messages.append(Message(self.path, headers, body))
        answer = self.receiver.answers.get(self.path)
        try:
            if answer is not None:
                answer(self)
            else:
                self.send_response(200)
                self.end_headers()
        except ConnectionError:
            pass  # the sender has heard enough

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver, ended afterwards."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        receiver = handler.receiver = Receiver(server.server_address[1])  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            receiver.over.set()
            server.shutdown()
            thread.join()
