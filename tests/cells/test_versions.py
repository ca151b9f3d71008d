"""A worker and a cell of different versions never grade a submission between them."""

from __future__ import annotations

import runpy
import shutil
import socket
from pathlib import Path

import pytest

from worker.cell import protocol
from worker.sandbox import session


def answer(greeting: bytes) -> None:
    """Submit to a cell that greets like this."""
    ours, cell = socket.socketpair()
    with ours, cell:
        cell.sendall(greeting)
        session.submit(ours, b"request", 1.0)


def test_a_cell_of_the_same_version_is_trusted_with_a_submission() -> None:
    answer(protocol.GREETING)


def test_a_cell_of_another_version_is_our_fault_and_gets_none() -> None:
    other = bytes(255 - byte for byte in protocol.GREETING)
    with pytest.raises(session.NotStarted, match="another version"):
        answer(other)


@pytest.mark.parametrize("changed", ["harness.py", "hardening/refusals.py", "isolation/seccomp.py"])
def test_any_file_of_the_program_makes_another_version(changed: str, tmp_path: Path) -> None:
    shutil.copytree(Path(protocol.__file__).parent, tmp_path / "cell")
    same = runpy.run_path(str(tmp_path / "cell/protocol.py"))
    with (tmp_path / "cell" / changed).open("a") as file:
        file.write("# changed\n")
    other = runpy.run_path(str(tmp_path / "cell/protocol.py"))
    assert same["GREETING"] == protocol.GREETING
    assert other["GREETING"] != protocol.GREETING
