"""Our own operations go unrecorded; nothing of a file's may go with them."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import torch

from worker.cell.probing.op_record import Record


@pytest.fixture
def busy_collector() -> Iterator[None]:
    """A collector that runs at every second allocation, as a file may have it run."""
    before = gc.get_threshold()
    gc.enable()
    gc.set_threshold(2, 1, 1)
    yield
    gc.set_threshold(*before)


def derivatives(work: str) -> list[str]:
    """What the record has of a derivative that is taken `aside`, or in the "open"."""
    record = Record()
    x = torch.ones(2, requires_grad=True)
    y = torch.sigmoid(x)

    def backward() -> None:
        torch.autograd.grad(y, x, torch.ones(2))

    record.start()
    record.aside(backward) if work == "aside" else backward()
    record.stop()
    return [one["name"] for one in record.derivatives]


def test_what_ours_does_aside_is_not_in_the_record() -> None:
    assert derivatives("aside") == []
    assert derivatives("open") == ["SigmoidBackward0"]


def test_the_record_goes_on_after_ours_raised() -> None:
    def broken() -> None:
        raise MemoryError

    record = Record()
    record.start()
    with pytest.raises(MemoryError):
        record.aside(broken)
    record.stop()
    assert derivatives("open") == ["SigmoidBackward0"]


@pytest.mark.usefixtures("busy_collector")
def test_no_finaliser_of_a_file_runs_while_ours_goes_unrecorded() -> None:
    ran: list[str] = []

    class Late:
        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            ran.append("finaliser")

    def ours() -> list[str]:
        Late()
        assert [[number] for number in range(100)]  # reason enough to collect
        return list(ran)

    record = Record()
    record.start()
    assert record.aside(ours) == []
    record.stop()
    assert gc.isenabled()
    assert [[number] for number in range(100)]
    assert ran == ["finaliser"]
