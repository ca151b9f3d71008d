"""Owns calling the `chainrule` command as a person does."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.support.stack import CHAINRULE


def chainrule(
    *arguments: str, data: Path | None = None, said: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
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
        timeout=60,
    )
