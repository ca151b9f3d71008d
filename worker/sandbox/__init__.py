"""Owns cells as seen from outside: start one, run a submission in it, read what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from worker.sandbox import lifecycle
from worker.sandbox.cell import Cell
from worker.sandbox.container import bubblewrap
from worker.sandbox.container.advice import explain
from worker.sandbox.container.service import Service
from worker.sandbox.defences import Defences, describe
from worker.sandbox.faults import CellFault, CellUnavailable
from worker.sandbox.limits import Limits

__all__ = ["Cell", "CellFault", "CellUnavailable", "Limits", "describe", "examine", "open_cell"]

_SERVICE = "socket:"


class CellSettings(Protocol):
    """What of the service's settings matters here."""

    @property
    def cell(self) -> str: ...
    @property
    def cell_submissions(self) -> int: ...
    @property
    def cell_memory_mb(self) -> int: ...


def open_cell(settings: CellSettings, listener: lifecycle.Listener = lifecycle.unheard) -> Cell:
    """A warm cell, for the thread that calls this. Close it, or use it as a context manager.

    `listener` is told of what happens to it, in the names of `worker.sandbox.lifecycle`.

    Raises CellUnavailable, which says what this host lacks and what to do about it: student code
    is never run without a sandbox.
    """
    if settings.cell.startswith(_SERVICE):
        return Cell(Service(Path(settings.cell.removeprefix(_SERVICE))), listener)
    if settings.cell != "bubblewrap":
        raise CellUnavailable(
            f"CHAINRULE_CELL is {settings.cell!r}; it can be `bubblewrap` or `socket:/path`."
        )
    complaints = []
    for program in bubblewrap.programs():
        options = bubblewrap.Options(program, settings.cell_submissions, settings.cell_memory_mb)
        try:
            return Cell(bubblewrap.Bubblewrap(options, listener), listener)
        except CellUnavailable as error:
            complaints.append(str(error))
    raise CellUnavailable(explain(complaints))


def examine(settings: CellSettings) -> Defences:
    """The defences of a cell that is started for this question. Raises CellUnavailable."""
    with open_cell(settings) as cell:
        return cell.defences
