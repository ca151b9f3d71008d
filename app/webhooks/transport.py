"""Owns one request to a receiver: to an address that was looked at, within bounds, no further.

A pool is made for each request: no connection is kept, so that each is looked at.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpcore

from app.webhooks import addresses

ANSWER_S = 15.0
"""How long the whole of a request may take."""
_CONNECT_S, _BODY_S = 5.0, 2.0
LONGEST_ANSWER = 1_000
"""How many bytes of an answer are kept."""
_LONGEST_READ, _READ_AT_ONCE = 32_768, 4_096
"""Bytes that are read of a connection in all, and in one go."""
NOWHERE = (
    "This host has no address that webhooks are sent to: either none is known, or one of them "
    "lies inside a network."
)
_LATE = f"There was no answer within {ANSWER_S:g} seconds."
Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@dataclass(frozen=True)
class Answer:
    """What came back. `status` None: no answer, and `said` is why."""

    status: int | None
    said: str
    took_ms: int

    @property
    def is_success(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300


class Refused(Exception):
    """There is no address that may be connected to."""


class _Vetted(httpcore.AsyncNetworkBackend):
    """Connects to addresses that it has looked at itself, and to no name."""

    def __init__(self, *, is_secret: bool) -> None:
        self._is_secret = is_secret
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Option] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first of the host's addresses that takes one; raises Refused."""
        failure: Exception = Refused(NOWHERE)
        for address in await _addresses(host, port, is_secret=self._is_secret):
            try:
                made = await self._network.connect_tcp(address, port, timeout=timeout)
                return _Counted(made)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Counted(httpcore.AsyncNetworkStream):
    """A connection of which little is read, and that in small parts: a receiver that sends heads
    without end would have the loop read them, and do nothing else."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._left = _LONGEST_READ

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some of what comes; raises ReadError where that is too much."""
        if self._left <= 0:
            raise httpcore.ReadError(f"More than {_LONGEST_READ} bytes came.")
        read = await self._stream.read(min(max_bytes, _READ_AT_ONCE), timeout)
        self._left -= len(read)
        return read

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send it."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """End it."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The same with TLS."""
        return _Counted(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What is known of it."""
        return self._stream.get_extra_info(info)


async def _addresses(host: str, port: int, *, is_secret: bool) -> list[str]:
    """All that a host's name stands for; raises Refused where one of them is not to be reached."""
    try:
        found = await asyncio.get_running_loop().run_in_executor(
            _resolvers(), lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        names = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        may_reach = addresses.may_reach(map(ip_address, names), is_secret=is_secret)
    except (OSError, UnicodeError, ValueError):
        raise Refused(NOWHERE) from None
    if not may_reach:
        raise Refused(NOWHERE)
    return names


@lru_cache
def _resolvers() -> ThreadPoolExecutor:
    """Threads for looking names up, more than there are requests at once: a name server that is
    slow to answer holds one for longer than its request lasts."""
    return ThreadPoolExecutor(256, thread_name_prefix="webhook-name")


@lru_cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send a body, and say what came back; never raises."""
    began = monotonic()
    try:
        async with asyncio.timeout(ANSWER_S):
            status, said = await _exchanged(url, headers, body)
    except TimeoutError:
        status, said = None, _LATE
    except Refused as refused:
        status, said = None, str(refused)
    except Exception as error:  # whatever a receiver brings up is an answer of its
        status, said = None, _words(error)
    return Answer(status, said, round((monotonic() - began) * 1000))


async def _exchanged(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, str]:
    parts = urlsplit(url)
    vetted = _Vetted(is_secret=parts.scheme == "https")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = httpcore.URL(  # what it makes of an address itself lacks all from a semicolon on
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port,
        target=target,
    )
    limits = {"connect": _CONNECT_S, "read": ANSWER_S, "write": ANSWER_S, "pool": ANSWER_S}
    async with (
        httpcore.AsyncConnectionPool(ssl_context=_trusted(), network_backend=vetted) as pool,
        pool.stream(
            "POST",
            asked,
            headers=[("host", parts.netloc), *headers.items(), ("connection", "close")],
            content=body,
            extensions={"timeout": limits},
        ) as response,
    ):
        return response.status, await _beginning(response.stream)


async def _beginning(stream: object) -> str:
    """The first of an answer, as far as it comes soon: its status says all that counts."""
    assert isinstance(stream, AsyncIterable)
    read = b""
    try:
        async with asyncio.timeout(_BODY_S):
            async for part in stream:
                read += part
                if len(read) >= LONGEST_ANSWER:
                    break
    except (TimeoutError, httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        pass
    return read[:LONGEST_ANSWER].decode(errors="replace").replace("\0", "\ufffd")


def _words(error: Exception) -> str:
    """What went wrong, as its own words or those of what caused it."""
    said = str(error) or str(error.__cause__ or "")
    return f"{type(error).__name__}: {said}"[:LONGEST_ANSWER].rstrip(": ").replace("\0", "\ufffd")
