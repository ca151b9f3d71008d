"""Owns how times, scores, spans and counts are written on pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ["January", "February", "March", "April", "May", "June"]
_MONTHS += ["July", "August", "September", "October", "November", "December"]
_UNITS = ((86_400 * 7, "week"), (86_400, "day"), (3_600, "hour"), (60, "minute"))
_DAY_S = 86_400


def count(number: int, noun: str, many: str = "") -> str:
    """A number with its noun: "1 attempt", "3 attempts"."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"


def thousands(number: int) -> str:
    """A whole number as it can be read at a glance: "8 444"."""
    return f"{number:,}".replace(",", "\u202f")


def score(points: float | None) -> str:
    """Points with at most two decimals and no idle zeros; a dash where there are none."""
    if points is None:
        return "–"
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def points(number: float) -> str:
    """Points with their noun: "1 point", "2.5 points"."""
    said = score(number)
    return f"{said} {'point' if said == '1' else 'points'}"


def exact(moment: datetime, zone: str) -> str:
    """The whole of a moment: "Friday 13 November 2026, 14:00 CET"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{_day(local)} {local.year}, {local:%H:%M} {local.tzname()}"


def brief(moment: datetime, zone: str, now: datetime) -> str:
    """A moment as near people say it: "today 14:00", "Friday 14:00", "Friday 27 November 14:00"."""
    local, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    days = (local.date() - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in near:
        day = near[days]
    elif 1 < days < 7:
        day = _DAYS[local.weekday()]
    else:
        day = _day(local) + (f" {local.year}" if abs(days) > 180 else "")
    return f"{day} {local:%H:%M}"


def _day(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"


def distance(moment: datetime, now: datetime, zone: str = "UTC") -> str:
    """How far off a moment is: "in 2 days", "3 hours ago", "just now".

    From a day on, the days of the calendar in `zone` are counted, as people do.
    """
    gap = moment - now
    if abs(gap).total_seconds() >= _DAY_S - 60:
        there = ZoneInfo(zone)
        days = abs((moment.astimezone(there).date() - now.astimezone(there).date()).days)
        text = _largest(max(1, days) * _DAY_S)
        return f"in {text}" if gap > timedelta() else f"{text} ago"
    if abs(gap) < timedelta(minutes=1):
        return "just now" if gap <= timedelta() else "in under a minute"
    text = _largest(abs(gap).total_seconds())
    return f"in {text}" if gap > timedelta() else f"{text} ago"


def _largest(seconds: float) -> str:
    for size, noun in _UNITS:
        if seconds >= size * (2 if noun == "week" else 1):
            return count(int(seconds // size), noun)
    return count(max(1, round(seconds)), "second")


def span(seconds: float) -> str:
    """A length of time that somebody waits: "less than a second", "40 seconds", "2 minutes"."""
    return "less than a second" if seconds < 1 else _largest(seconds)


def input_value(moment: datetime | None, zone: str) -> str:
    """A moment as a `datetime-local` field takes it, in `zone`; empty for None."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%dT%H:%M:%S}" if local.second else f"{local:%Y-%m-%dT%H:%M}"


def megabytes(size: int) -> str:
    """How much a number of bytes is, to a tenth of a megabyte: "0.4", "20"."""
    return score(round(size / 1_048_576, 1))
