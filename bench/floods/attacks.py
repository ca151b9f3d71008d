"""Owns the floods: each goes on for a given time in a process of its own, and ends by itself."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

_KINDS = ("streams", "heads", "half sent", "sign-ins", "views", "uploads", "valkey")


@dataclass(frozen=True)
class Target:
    """What a flood is given: where to, and what it needs to know, as plain words."""

    url: str
    cookie: str = ""
    paths: tuple[str, ...] = ()
    email: str = ""
    password: str = ""

    def where(self) -> tuple[str, int]:
        """Host and port, on this machine only."""
        parts = urlsplit(self.url)
        assert parts.hostname == "127.0.0.1", self.url
        return parts.hostname, parts.port or 80

    def head(self, method: str, path: str, **headers: object) -> bytes:
        """The beginning of a request."""
        all_ = {"host": urlsplit(self.url).netloc, "cookie": self.cookie, **headers}
        lines = [f"{name}: {value}" for name, value in all_.items() if value != ""]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def run(kind: str, target: Target, seconds: float) -> None:
    """Flood for so long; says at the end what the answers were."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    flood = FLOODS[kind]
    told: Counter[str] = Counter()
    asyncio.run(flood(target, time.monotonic() + seconds, told))
    print("      answers: " + (", ".join(f"{n} x {what}" for what, n in told.items()) or "none"))


async def _each(number: int, one: object, told: Counter[str], over: float) -> None:
    """So many at once, none of which outlasts the end."""
    assert callable(one)
    tasks = [asyncio.create_task(one(place)) for place in range(number)]
    _, late = await asyncio.wait(tasks, timeout=max(0.1, over - time.monotonic()))
    told["still open"] += len(late)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _send(target: Target, data: bytes, told: Counter[str], *, stay: bool = False) -> None:
    """Send it, note the answer's status, and stay until the other end closes where told to."""
    reader, writer = await asyncio.open_connection(*target.where())
    try:
        writer.write(data)
        told[(await reader.read(12)).decode()[9:12] or "closed"] += 1
        while stay and await reader.read(1 << 16):
            pass
    except OSError:
        told["closed"] += 1
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def _again(target: Target, over: float, told: Counter[str], data: bytes, many: int) -> None:
    """So many clients that ask the same again and again, reading each answer whole."""

    async def one(_place: int) -> None:
        while time.monotonic() < over:
            await _send(target, data, told, stay=True)

    await _each(many, one, told, over)


async def streams(target: Target, over: float, told: Counter[str]) -> None:
    """800 event streams of one student."""
    head = target.head("GET", target.paths[0])
    await _each(800, lambda _: _send(target, head, told, stay=True), told, over)


async def heads(target: Target, over: float, told: Counter[str]) -> None:
    """Twenty heads without an end, each up to 30 MB."""

    async def one(_place: int) -> None:
        _, writer = await asyncio.open_connection(*target.where())
        writer.write(target.head("GET", "/sign-in")[:-2] + b"x: ")
        try:
            for _ in range(480):
                writer.write(b"a" * 65_536)
                await writer.drain()
            told["taken whole"] += 1
            await asyncio.sleep(over - time.monotonic())
        except OSError:
            told["cut off"] += 1
        finally:
            writer.close()

    await _each(20, one, told, over)


async def half_sent(target: Target, over: float, told: Counter[str]) -> None:
    """2,000 requests that are never ended."""
    head = target.head("GET", "/sign-in")[:-2]
    await _each(2_000, lambda _: _send(target, head, told, stay=True), told, over)


async def sign_ins(target: Target, over: float, told: Counter[str]) -> None:
    """150 browsers that sign in at once, and again."""
    form = urlencode({"email": target.email, "password": target.password}).encode()
    kind = "application/x-www-form-urlencoded"
    words = {"content-type": kind, "content-length": len(form), "connection": "close"}
    await _again(target, over, told, target.head("POST", "/sign-in", **words) + form, 150)


async def views(target: Target, over: float, told: Counter[str]) -> None:
    """Sixteen views at once of pages of a file that has 262,000 lines."""

    async def one(place: int) -> None:
        path = target.paths[place % len(target.paths)]
        while time.monotonic() < over:
            await _send(target, target.head("GET", path, connection="close"), told, stay=True)

    await _each(16, one, told, over)


async def uploads(target: Target, over: float, told: Counter[str]) -> None:
    """Ten files of 250 kB a second, all different."""

    async def one(_place: int) -> None:
        body = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.py"\r\n\r\n# '
        body += os.urandom(125_000).hex().encode() + b"\r\n--x--\r\n"
        kind = "multipart/form-data; boundary=x"
        words = {"content-type": kind, "content-length": len(body), "connection": "close"}
        await _send(target, target.head("POST", target.paths[0], **words) + body, told, stay=True)

    pending = set()
    while time.monotonic() < over:
        pending.add(asyncio.create_task(one(0)))
        await asyncio.sleep(0.1)
    _, late = await asyncio.wait(pending, timeout=5)
    for task in late:
        task.cancel()


async def valkey(target: Target, over: float, told: Counter[str]) -> None:
    """12,000 connections to Valkey, where it has a port."""
    if urlsplit(target.paths[0]).scheme == "unix":
        told["no port to connect to"] += 1
        await asyncio.sleep(max(0.0, over - time.monotonic()))
        return
    there = urlsplit(target.paths[0])
    opened = []
    for _ in range(12_000):
        try:
            opened.append(await asyncio.open_connection("127.0.0.1", there.port))
        except OSError:
            told["refused"] += 1
            break
    told["connected"] += len(opened)
    await asyncio.sleep(max(0.0, over - time.monotonic()))
    for _, writer in opened:
        writer.close()


FLOODS = dict(
    zip(_KINDS, (streams, heads, half_sent, sign_ins, views, uploads, valkey), strict=True)
)
