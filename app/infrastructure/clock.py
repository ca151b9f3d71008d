"""Owns the time: one place that says what now is, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)


def read(text: str, zone: str, *, ends: bool) -> datetime | None:
    """The moment that somebody wrote, in `zone` where it names none; None for an empty text.

    A date alone is that whole day: its end where the moment `ends` something, else its beginning.
    Raises ValueError.
    """
    text = text.strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
    else:
        moment = datetime.combine(day, time.max if ends else time.min)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
