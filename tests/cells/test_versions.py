"""A worker and a cell of different versions never grade a submission between them."""

from __future__ import annotations

import socket

import pytest

from worker.cell import frames
from worker.cells import session


def answer(greeting: bytes) -> None:
    """Submit to a cell that greets like this."""
    ours, cell = socket.socketpair()
    with ours, cell:
        cell.sendall(greeting)
        session.submit(ours, b"request", 1.0)


def test_a_cell_of_the_same_version_is_trusted_with_a_submission() -> None:
    answer(frames.GREETING)


def test_a_cell_of_another_version_is_our_fault_and_gets_none() -> None:
    other = bytes(255 - byte for byte in frames.GREETING)
    with pytest.raises(session.NotStarted, match="another version"):
        answer(other)
