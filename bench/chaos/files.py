"""Owns what is handed in: files that are right, partly right, slow, and no Python at all."""

from __future__ import annotations

import random

from bench import SOLUTION

_RIGHT = SOLUTION.read_text()
_SLOW = "\nfrom time import monotonic\nend = monotonic() + 0.7\nwhile monotonic() < end: pass\n"
FILES = {
    "right": _RIGHT,
    "partly right": _RIGHT.replace("return x1 * x2", "return x1 * x2 + 1"),
    "slow": _RIGHT + _SLOW,
    "no Python": "class Sum(Function:\n",
}
_SHARES = (6, 2, 1, 1)


def draw(dice: random.Random) -> str:
    """The name of one of FILES."""
    return dice.choices(list(FILES), _SHARES)[0]
