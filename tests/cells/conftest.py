"""One warm cell for the tests that leave it as they found it, or have it replaced."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.cells import Settings
from worker.sandbox import Cell, open_cell


@pytest.fixture(scope="package")
def cell() -> Iterator[Cell]:
    with open_cell(Settings()) as opened:
        yield opened
