"""Lateness costs what the policy says, never more than there is, and more the later it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.timing.late import IN_TIME, LatePolicy, Per, Unit
from app.timing.windows import Extension, Window
from tests.timing.test_moments import times, zones

DUE = datetime(2026, 11, 27, 12, tzinfo=UTC)
policies = some.builds(
    LatePolicy,
    amount=some.floats(0, 100),
    unit=some.sampled_from(Unit),
    per=some.sampled_from(Per),
    cap=some.none() | some.floats(0.01, 100),
)
gaps = some.timedeltas(timedelta(0), timedelta(days=20))
scores = some.floats(0, 1000)


@given(policy=policies, due=times, gap=gaps, zone=zones, score=scores)
def test_what_is_left_lies_between_nothing_and_the_score(
    policy: LatePolicy, due: datetime, gap: timedelta, zone: str, score: float
) -> None:
    found = policy.lateness(Window(due_at=due), due + gap, zone)
    assert 0 <= found.left_of(score) <= score
    assert found.is_late is (gap > timedelta(0))
    if policy.cap is not None:
        assert found.share * 100 <= policy.cap * 1.0001
        assert found.points <= policy.cap


@given(policy=policies, due=times, gap=gaps, more=gaps, zone=zones, score=scores)
def test_who_comes_later_never_has_more(
    policy: LatePolicy, due: datetime, gap: timedelta, more: timedelta, zone: str, score: float
) -> None:
    window = Window(due_at=due)
    earlier = policy.lateness(window, due + gap, zone)
    later = policy.lateness(window, due + gap + more, zone)
    assert later.left_of(score) <= earlier.left_of(score)
    assert later.steps >= earlier.steps


@given(policy=policies, due=times, gap=gaps, extra=gaps, zone=zones, score=scores)
def test_nobody_loses_by_an_extension(
    policy: LatePolicy, due: datetime, gap: timedelta, extra: timedelta, zone: str, score: float
) -> None:
    window = Window(due_at=due, closes_at=due + timedelta(days=3))
    extended = window.extended(Extension(due_at=due - timedelta(days=9) + extra))
    moment = due + gap
    assert extended.has_closed(moment) <= window.has_closed(moment)
    assert extended.is_late(moment) <= window.is_late(moment)
    usual = policy.lateness(window, moment, zone).left_of(score)
    assert policy.lateness(extended, moment, zone).left_of(score) >= usual


@given(due=times, gap=gaps, grace=some.timedeltas(timedelta(0), timedelta(days=7)), zone=zones)
def test_grace_is_in_time_and_what_is_later_is_late_from_the_due_date_on(
    due: datetime, gap: timedelta, grace: timedelta, zone: str
) -> None:
    policy = LatePolicy(10, per=Per.HOUR)
    found = policy.lateness(Window(due_at=due, grace=grace), due + gap, zone)
    if gap <= grace:
        assert found == IN_TIME
    else:
        assert found == policy.lateness(Window(due_at=due), due + gap, zone)


@given(moment=times, zone=zones, policy=policies)
def test_without_a_due_date_nothing_is_late(
    moment: datetime, zone: str, policy: LatePolicy
) -> None:
    assert policy.lateness(Window(closes_at=moment), moment, zone) == IN_TIME


@pytest.mark.parametrize("name", ["opens_at", "due_at", "closes_at"])
def test_the_very_moment_of_a_bound_is_on_the_good_side(name: str) -> None:
    window = Window(**{name: DUE})  # type: ignore[arg-type]
    assert window.is_open(DUE)
    assert not window.is_late(DUE)
    assert not window.is_over(DUE)
    moment = DUE + timedelta(microseconds=1) * (-1 if name == "opens_at" else 1)
    assert window.is_open(moment) is (name == "due_at")
    assert window.is_late(moment) is (name == "due_at")


def test_an_extension_of_the_due_date_keeps_it_open_until_then() -> None:
    window = Window(due_at=DUE, closes_at=DUE + timedelta(days=1))
    extended = window.extended(Extension(due_at=DUE + timedelta(days=5)))
    assert extended.closes_at == extended.due_at == DUE + timedelta(days=5)
    never = Window(due_at=DUE).extended(Extension(closes_at=DUE + timedelta(days=5)))
    assert never.closes_at is None
