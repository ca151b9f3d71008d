"""How often one may hand in: in all, a day, and after a pause."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from app.timing import moments
from app.timing.limits import Allowance, Limits, Used
from tests.timing.test_moments import BERLIN, at, times, zones

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
few = some.none() | some.integers(1, 5)


@given(
    in_all=few,
    a_day=few,
    pause=some.timedeltas(timedelta(0), timedelta(hours=3)),
    zone=zones,
    start=times,
    gaps=some.lists(some.timedeltas(timedelta(minutes=1), timedelta(hours=20)), max_size=12),
)
def test_who_comes_only_when_they_are_told_to_breaks_no_limit(
    in_all: int | None,
    a_day: int | None,
    pause: timedelta,
    zone: str,
    start: datetime,
    gaps: list[timedelta],
) -> None:
    limits = Limits(in_all, a_day, pause)
    taken: list[datetime] = []
    moment = start
    for gap in gaps:
        moment += gap
        found = limits.allowance(_used(taken, moment, zone), moment, zone)
        if found.is_used_up:
            assert len(taken) == in_all
            break
        if found.again_at is not None:
            assert found.again_at > moment
            moment = found.again_at
            assert limits.allowance(_used(taken, moment, zone), moment, zone).takes
        taken.append(moment)
    days = [moments.start_of_day(one, zone) for one in taken]
    assert all(a_day is None or days.count(day) <= a_day for day in days)
    assert all(later - one >= pause for one, later in pairwise(taken))


def _used(taken: list[datetime], moment: datetime, zone: str) -> Used:
    today = [one for one in taken if one >= moments.start_of_day(moment, zone)]
    return Used(len(taken), len(today), taken[-1] if taken else None)


def test_no_limit_says_nothing() -> None:
    assert Limits().allowance(Used(9, 9, NOON), NOON, BERLIN) == Allowance()
    assert not Limits().bind


def test_the_next_one_is_told_by_the_later_of_day_and_pause() -> None:
    limits = Limits(in_all=9, a_day=2, pause=timedelta(hours=1))
    late = at("2026-11-27T23:30")
    found = limits.allowance(Used(2, 2, late - timedelta(minutes=5)), late, BERLIN)
    assert (found.left, found.left_today) == (7, 0)
    assert found.again_at == at("2026-11-28T00:25")


def test_when_all_are_used_there_is_no_next_one() -> None:
    found = Limits(in_all=2, pause=timedelta(hours=1)).allowance(Used(2, 2, NOON), NOON, BERLIN)
    assert found.is_used_up
    assert found.again_at is None
    assert not found.takes
