"""Owns how often a process of ours looks for garbage."""

from __future__ import annotations

import gc

_YOUNG = 20_000
"""New objects that are looked through together. Grading a file makes a hundred thousand, and nearly
all of them go by themselves."""


def begin() -> None:
    """Have a program that is about to load itself look seldom: a million objects come, and stay."""
    gc.set_threshold(_YOUNG)


def settle() -> None:
    """Have what was loaded stay: no collection looks through it again, and there are fewer.

    To be called when a process has loaded what it needs, before it forks or begins its work.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG)
