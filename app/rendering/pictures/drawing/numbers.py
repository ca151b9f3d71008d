"""Owns how a number of a report is read and written; JSON has no NaN, so it comes as text."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

_NAMED = {"nan": math.nan, "inf": math.inf, "infinity": math.inf, "-inf": -math.inf}
_NAMED |= {"-infinity": -math.inf}
_STEPS = (4, 6, 9, 12, 17)
_LARGEST = 1e300


def number(value: Any) -> float | None:
    """A value of a report as a float; None for what is no number. Too large becomes infinite."""
    if isinstance(value, str):
        return _NAMED.get(value.strip().casefold())
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def finite(value: Any) -> float | None:
    """A value as a float that a picture can place; None for NaN, the infinite and the absent."""
    read = number(value)
    if read is None or not math.isfinite(read):
        return None
    return max(-_LARGEST, min(_LARGEST, read))


def write(value: Any, digits: int = 4) -> str:
    """A number with at most `digits` significant digits and a real minus sign: "−1.5e−7"."""
    read = number(value)
    if read is None:
        return str(value)
    if math.isnan(read):
        return "NaN"
    if math.isinf(read):
        return "−∞" if read < 0 else "∞"
    text, e, power = f"{read:.{digits}g}".partition("e")
    if e:
        text += f"e{int(power)}"
    return "0" if text == "-0" else text.replace("-", "−")


def signed(value: float, digits: int = 4) -> str:
    """A difference, with its sign: "+0.5", "−0.5", "0"."""
    text = write(value, digits)
    return f"+{text}" if value > 0 else text


def digits(pairs: Iterable[tuple[Any, Any]]) -> int:
    """The fewest significant digits, at least 4, that tell the two numbers of each pair apart."""
    pairs = [(one, two) for one, two in pairs if write(one, 17) != write(two, 17)]
    for enough in _STEPS:
        if all(write(one, enough) != write(two, enough) for one, two in pairs):
            return enough
    return _STEPS[-1]


def plural(count: int, noun: str) -> str:
    """A number with its noun: "1 tensor", "4 tensors"."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"
