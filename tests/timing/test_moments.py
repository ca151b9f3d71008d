"""Times on the clock are kept over the change of summer time, in every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.timing import moments

ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",  # summer time is half an hour
    "Pacific/Apia",  # left out 30 December 2011
    "Asia/Kathmandu",
    "Africa/Casablanca",
]
zones = some.sampled_from(ZONES)
times = some.datetimes(
    datetime(2010, 1, 1), datetime(2035, 1, 1), timezones=some.just(UTC)
)  # fmt: skip
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@given(moment=times, days=some.integers(0, 40), zone=zones)
def test_the_same_time_days_later_is_the_same_on_the_clock_unless_the_clock_skips_it(
    moment: datetime, days: int, zone: str
) -> None:
    there = ZoneInfo(zone)
    later = moments.days_after(moment, days, zone)
    asked = moment.astimezone(there).replace(tzinfo=None) + timedelta(days=days)
    shown = later.astimezone(there).replace(tzinfo=None)
    skipped = asked.replace(tzinfo=there).astimezone(UTC).astimezone(there).replace(
        tzinfo=None
    ) != asked  # fmt: skip
    assert shown == asked or skipped


@given(moment=times, zone=zones, gap=some.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_day_begins_when_the_one_before_has_ended(
    moment: datetime, zone: str, gap: timedelta
) -> None:
    then = moment + gap
    begun = moments.days_begun(moment, then, zone)
    assert then <= moments.days_after(moment, begun, zone)
    assert begun == 0 or then > moments.days_after(moment, begun - 1, zone)
    assert moments.days_begun(moment, then + timedelta(seconds=1), zone) >= begun


@given(moment=times, zone=zones)
def test_every_moment_lies_in_its_day(moment: datetime, zone: str) -> None:
    begins, ends = moments.start_of_day(moment, zone), moments.next_day(moment, zone)
    assert begins <= moment < ends
    assert timedelta(hours=22) < ends - begins < timedelta(hours=50)
    assert moments.next_day(ends - timedelta(seconds=1), zone) == ends


@given(day=some.dates(date(2010, 1, 1), date(2035, 1, 1)), zone=zones)
def test_a_date_alone_is_the_whole_of_it(day: date, zone: str) -> None:
    begins = moments.read(day.isoformat(), zone, ends=False)
    ends = moments.read(day.isoformat(), zone, ends=True)
    assert begins is not None
    assert ends is not None
    assert begins.astimezone(UTC) < ends.astimezone(UTC)
    assert moments.read(" ", zone, ends=True) is None


@pytest.mark.parametrize(
    ("since", "moment", "days"),
    [
        ("2026-03-28T23:59", "2026-03-29T23:59", 1),  # a day of 23 hours
        ("2026-03-28T23:59", "2026-03-30T00:00", 2),
        ("2026-10-24T23:59", "2026-10-25T23:59", 1),  # a day of 25 hours
        ("2026-10-24T23:59", "2026-10-26T00:00", 2),
        ("2026-11-27T12:00", "2026-11-27T12:00", 0),
    ],
)
def test_a_day_over_the_change_of_summer_time_ends_at_the_same_time(
    since: str, moment: str, days: int
) -> None:
    assert moments.days_begun(at(since), at(moment), BERLIN) == days


def test_an_end_that_the_clock_shows_twice_is_the_later_one_and_a_beginning_the_earlier() -> None:
    twice = "2026-10-25T02:30"
    ends, begins = (moments.read(twice, BERLIN, ends=ends) for ends in (True, False))
    assert ends is not None
    assert begins is not None
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=1)


def test_a_time_that_the_clock_skips_is_as_long_after_the_gap() -> None:
    read = moments.read("2026-03-29T02:30", BERLIN, ends=True)
    assert read is not None
    assert read.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
