"""Owns reading single hostile values: texts, counts, flags and lists, each checked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from worker.sandbox.decoding.frames import Violation

T = TypeVar("T")

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that show nothing, or break a line where nobody expects it."""

NAME, MESSAGE = 200, 4000
"""Longest name and longest message that are kept; what is longer is cut."""
_NAMES = 2048
"""How many are remembered: a file's probes say the same few again and again."""
ITEMS = 4096
"""Most entries of any list."""
LARGEST_NUMBER = 1 << 53


def text(value: object, longest: int = MESSAGE) -> str:
    """Printable text, fit for UTF-8 and a database: no lone surrogates, no control characters.

    Of what breaks lines, only the newline stays.
    """
    if not isinstance(value, str):
        raise Violation("a text was expected")
    value = value[:longest]
    if value.isprintable():
        return value
    return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)


def name(value: object) -> str:
    """A text on one line."""
    if not isinstance(value, str):
        raise Violation("a text was expected")
    return _name(value[:NAME])


@lru_cache(_NAMES)
def _name(value: str) -> str:
    return " ".join(text(value).split())


def number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_NUMBER:
        raise Violation("a count was expected")
    return value


def flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise Violation("true or false was expected")
    return value


def record(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Violation("an object was expected")
    return value


def optional(read: Callable[[object], T]) -> Callable[[object], T | None]:
    return lambda value: None if value is None else read(value)


def several(read: Callable[[object], T], value: object) -> tuple[T, ...]:
    if value == []:  # as most are
        return ()
    if not isinstance(value, list) or len(value) > ITEMS:
        raise Violation(f"a list of at most {ITEMS} was expected")
    return tuple([read(item) for item in value])


def line(value: object) -> int | None:
    """A line or a column. Python gives negative ones where it has none."""
    return None if value is None or (type(value) is int and value < 0) else number(value)
