"""Owns how names are compared: which are the same name, and which is a slip of the pen."""

from __future__ import annotations

import builtins
import difflib
import re
from typing import Any

from .classes import is_function_class

globals()["__builtins__"] = vars(builtins).copy()

_BEFORE = re.compile(r"^(my|custom|our|own|manual|autograd|torch)(?=.)")
_AFTER = re.compile(r"(?<=.)(functions?|func|fn|op|autograd|forward|class|layer)$")
_matches, _Matcher = difflib.get_close_matches, difflib.SequenceMatcher
_ALIKE, _ALIKE_IF_SHORT, _SHORT = 0.75, 0.66, 3
"""How alike a misspelt name is: with one wrong letter of three, a class of that name still is."""
_TOLD = 5
_normal: dict[str, str] = {}
"""What `normalised` has given: each name is asked for again and again."""


def normalised(name: str) -> str:
    """A name without case, underscores and the words that people put around it."""
    if name not in _normal:
        _normal[name] = _normalised(name)
    return _normal[name]


def _normalised(name: str) -> str:
    plain = name.lower().replace("_", "")
    while True:
        shorter = _AFTER.sub("", _BEFORE.sub("", plain))
        if shorter == plain:
            return plain
        plain = shorter


def near_misses(accepted: list[str], others: list[str], free: dict[str, Any]) -> dict[str, Any]:
    """The names in the file that look like an accepted one, with what they stand for; best first.

    A name that looks more like one of `others`, another exercise's, is a slip of the pen there.
    """
    plain = {normalised(name.rstrip()): name for name in free}
    alike: dict[str, float] = {}
    for word in map(normalised, accepted):
        for match in _matches(word, plain, n=3, cutoff=_ALIKE_IF_SHORT):
            likeness = _likeness(match, word)
            short = len(word) == _SHORT and is_function_class(free[plain[match]])
            if likeness >= (_ALIKE_IF_SHORT if short else _ALIKE):
                alike[match] = max(likeness, alike.get(match, 0.0))
    near = [
        match
        for match in sorted(alike, key=lambda one: -alike[one])
        if alike[match] >= max((_likeness(match, normalised(name)) for name in others), default=0)
    ]
    return {plain[match]: free[plain[match]] for match in near[:_TOLD]}


def _likeness(name: str, word: str) -> float:
    return _Matcher(None, name, word).ratio()
