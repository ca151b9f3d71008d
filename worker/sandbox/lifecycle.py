"""Owns the names of what happens to cells, for whoever keeps count."""

from __future__ import annotations

from collections.abc import Callable

STARTED = "started"
ODD, LOST, RETIRED = "odd", "lost", "retired"
"""Why a cell was replaced: a run in it ended oddly; it was suddenly gone; it had served."""
REPLACED = {ODD: "replaced odd", LOST: "replaced lost", RETIRED: "replaced retired"}

Listener = Callable[[str], None]


def unheard(_event: str) -> None:
    """A listener that keeps nothing."""
