"""Owns how names and addresses are spelt: one sequence of letters, however they were typed."""

from __future__ import annotations

import unicodedata


def spelt(text: str) -> str:
    """The text with its letters composed (Unicode's NFC).

    "ü" can be one letter, or "u" and a mark: two spellings that look alike and are one word.
    """
    return unicodedata.normalize("NFC", text)


def spellings(typed: str) -> list[str]:
    """How something may be stored that somebody looks for: as typed, and as we would spell it."""
    return list(dict.fromkeys((typed.strip(), spelt(typed.strip()))))
