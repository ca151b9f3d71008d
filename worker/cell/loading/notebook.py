"""Owns what a notebook knows without an import, and a file does not: `get_ipython`, `display`.

It imports nothing of ours, since all of it is in reach of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

NEEDED = re.compile(rb"\bget_ipython\b|\bdisplay\b")


class _Shell:
    """Takes every command of a notebook, and does nothing."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **named: None


def names() -> dict[str, Any]:
    """All of it, by name."""
    return {"get_ipython": _Shell, "display": _display}


def _display(*values: object, **options: object) -> None:
    print(*map(repr, values))
