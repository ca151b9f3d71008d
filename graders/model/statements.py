"""Owns the statements of the exercises: markdown beside them, with formulas in dollars."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def statement(slug: str) -> str:
    """What an exercise asks for. Raises FileNotFoundError where nothing has been written."""
    path = files("graders.exercises") / "statements" / f"{slug}.md"
    return path.read_text(encoding="utf-8")
