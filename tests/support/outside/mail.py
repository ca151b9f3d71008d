"""Owns mail as people get it: from a real mail server in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.waiting import wait_for

_LINK = re.compile(r"^http\S+/enter/\S+", re.M)


@dataclass(frozen=True)
class MailServer:
    """A running server, and the file of what it printed."""

    port: int
    said: Path

    @property
    def letters(self) -> list[dict[str, Any]]:
        """The mails that it took, in order."""
        return [json.loads(line) for line in self.said.read_text().splitlines()[1:]]

    def of(self, address: str, number: int = 1) -> dict[str, Any]:
        """The last of so many mails to an address, waited for."""

        def come() -> list[dict[str, Any]]:
            found = [letter for letter in self.letters if letter["to"] == [address]]
            return found if len(found) >= number else []

        return wait_for(come, f"mail {number} to {address}")[-1]

    def link(self, address: str, number: int = 1) -> str:
        """The link in it."""
        (found,) = _LINK.findall(self.of(address, number)["text"])
        return str(found)


@contextmanager
def mail_server(folder: Path, certificate: Path | None = None) -> Iterator[MailServer]:
    """A mail server, ended afterwards."""
    said = folder / "letters.jsonl"
    command = [sys.executable, "-m", "tests.support.processes.smtp_server"]
    command += [str(certificate)] if certificate else []
    with said.open("wb") as written:
        process = subprocess.Popen(command, stdout=written)
    try:
        port = wait_for(lambda: said.read_text().partition("\n")[0], "the mail server's port")
        yield MailServer(int(port), said)
    finally:
        process.terminate()
        process.wait(20)
