"""Owns calling the `chainrule` command as a person does."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.main import main
from tests.support.processes.stack import CHAINRULE

if TYPE_CHECKING:
    from worker.sandbox import Cell

Called = subprocess.CompletedProcess[str]


def chainrule(
    *arguments: str, data: Path | None = None, said: str = "", **environment: str
) -> Called:
    """Run it to its end; `data` is the folder of the stack it is about, `said` its input."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CHAINRULE_")}
    if data is not None:
        clean["CHAINRULE_DATA"] = str(data)
    return subprocess.run(
        [CHAINRULE, *arguments],
        input=said,
        capture_output=True,
        text=True,
        env={**clean, "COLUMNS": "200", **environment},
        timeout=300,
    )


def chainrule_in(cell: Cell, *arguments: str, **environment: str) -> Called:
    """The same as `chainrule_here`, with a cell that is warm already in place of a new one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worker.sandbox.open_cell", lambda *_: nullcontext(cell))
        return chainrule_here(*arguments, **environment)


def chainrule_here(*arguments: str, said: str = "", **environment: str) -> Called:
    """The same in this process, under its settings, which spares a start of Python a call."""
    told, complained = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told), redirect_stderr(complained):
        patch.setattr(sys, "argv", ["chainrule", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
        for name, value in {"COLUMNS": "200", **environment}.items():
            patch.setenv(name, value)
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, status, told.getvalue(), complained.getvalue())
