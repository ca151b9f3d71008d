"""Owns cells as seen from outside: start one, run a submission in it, read what it says."""

from __future__ import annotations

from typing import Protocol

from worker.cells import bubblewrap
from worker.cells.cell import Cell
from worker.cells.faults import CellFault, CellUnavailable
from worker.cells.limits import Limits

__all__ = ["Cell", "CellFault", "CellUnavailable", "Limits", "check", "open_cell"]


class CellSettings(Protocol):
    """What of the service's settings matters here."""

    @property
    def cell(self) -> str: ...
    @property
    def cell_submissions(self) -> int: ...


def open_cell(settings: CellSettings) -> Cell:
    """A warm cell. Raises CellUnavailable, with what to do, when this host cannot have one."""
    program = bubblewrap.programs()[0]
    return Cell(bubblewrap.Bubblewrap(program, settings.cell_submissions))


def check(settings: CellSettings) -> dict[str, bool | int | str]:
    """The layers of a cell started for this. Raises CellUnavailable as `open_cell` does."""
    with open_cell(settings) as cell:
        return cell.layers
