"""Where a stack of a test's own has its data."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that is not there yet, below a new one."""
    with tempfile.TemporaryDirectory(prefix="chainrule-up-") as path:
        yield Path(path) / "data"
