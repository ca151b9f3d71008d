"""A cell for all attacks, and what on the host must stay as it is."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Canaries:
    """A file with a secret, a process, and a port on which nobody has any business."""

    file: Path
    process: subprocess.Popen[bytes]
    listener: socket.socket

    SECRET = "the canary sings"

    @property
    def names(self) -> dict[str, str]:
        """What attack files call them, and what they are."""
        return {
            "CANARY_FILE": str(self.file),
            "CANARY_PORT": str(self.listener.getsockname()[1]),
            "CANARY_PID": str(self.process.pid),
        }

    def unharmed(self) -> bool:
        """Whether nobody wrote to the file, ended the process or knocked at the port."""
        try:
            self.listener.accept()
        except BlockingIOError:
            return self.file.read_text() == self.SECRET and self.process.poll() is None
        return False


@pytest.fixture(scope="session")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canaries]:
    folder = tmp_path_factory.mktemp("canary")
    file = folder / "canary.txt"
    file.write_text(Canaries.SECRET)
    for path in (file, folder, folder.parent):
        path.chmod(0o777)
    program = "import sys; sys.stdin.read()"
    with (
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        listener.setblocking(False)
        yield Canaries(file, process, listener)
        process.kill()
