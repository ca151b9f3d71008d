"""Owns moments in a time zone: what somebody wrote, where a day begins, the same time days later.

Summer time begins and ends where it does in the zone: a day has 23, 24 or 25 hours, and the same
time on another day is the same time on the clock. What is worked out is in UTC: Python compares two
moments of one zone by their clocks, and so takes an hour that comes twice for one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def read(text: str, zone: str, *, ends: bool) -> datetime | None:
    """The moment that somebody wrote, in `zone` where it names none; None for an empty text.

    A date alone is that whole day: its end where the moment `ends` something, else its beginning.
    Of a time that the clock shows twice, an end is the later one. Raises ValueError.
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
    if moment.tzinfo:
        return moment
    return _latest(moment, zone) if ends else moment.replace(tzinfo=ZoneInfo(zone))


def _latest(local: datetime, zone: str) -> datetime:
    """The last moment at which clocks show this; what they skip is as long after the gap."""
    both = [local.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    return max(both, key=lambda one: one.timestamp())


def days_after(moment: datetime, days: int, zone: str) -> datetime:
    """The same time on the clock so many days later; the moment itself for 0."""
    if not days:
        return moment
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return _latest(local + timedelta(days=days), zone).astimezone(UTC)


def days_begun(since: datetime, moment: datetime, zone: str) -> int:
    """How many days have begun since then at `moment`, each ending at the same time on the clock.

    Just at `since`, and before, it is 0.
    """
    if moment <= since:
        return 0
    there = ZoneInfo(zone)
    apart = (moment.astimezone(there).date() - since.astimezone(there).date()).days
    days = max(1, apart - 1)
    while moment > days_after(since, days, zone):
        days += 1
    return days


def next_minute(moment: datetime) -> datetime:
    """The first whole minute from then on: a time that is told without seconds, and true."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)


def start_of_day(moment: datetime, zone: str) -> datetime:
    """When the day of a moment began in `zone`."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)


def next_day(moment: datetime, zone: str) -> datetime:
    """When the day after a moment's begins in `zone`."""
    day = moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
