"""Which attempt counts, and what a hand-in now would do to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.timing.counting import Candidate, Counts, counting
from app.timing.late import LatePolicy
from app.timing.limits import Limits
from app.timing.terms import Becomes, Terms
from app.timing.windows import Extension, Window

DUE = datetime(2026, 11, 27, 12, tzinfo=UTC)
TERMS = Terms(Window(due_at=DUE), LatePolicy(10), Limits(in_all=3), Counts.BEST, "UTC")
BEFORE, AFTER = DUE - timedelta(hours=1), DUE + timedelta(hours=1)
scores = some.none() | some.sampled_from([0.0, 20.0, 50.0, 70.0])
attempts = some.lists(some.tuples(scores, some.booleans()), max_size=6).map(
    lambda pairs: [Candidate(place, *pair) for place, pair in enumerate(pairs, 1)]
)


@given(rule=some.sampled_from(Counts), attempts=attempts, chosen=some.none() | some.integers(1, 6))
def test_an_attempt_without_a_score_never_counts_and_one_with_a_score_always_does(
    rule: Counts, attempts: list[Candidate], chosen: int | None
) -> None:
    found = counting(rule, attempts, chosen)
    graded = [one for one in attempts if one.counted is not None]
    assert (found in graded) if graded else found is None


@given(attempts=attempts)
def test_the_rules_say_what_their_names_do(attempts: list[Candidate]) -> None:
    graded = [one for one in attempts if one.counted is not None]
    if not graded:
        return
    most = max(one.counted or 0.0 for one in graded)
    best, latest = counting(Counts.BEST, attempts), counting(Counts.LATEST, attempts)
    assert best is not None
    assert best.counted == most
    assert all(one.counted != most for one in graded if one.attempt < best.attempt)
    assert latest == graded[-1]
    on_time = counting(Counts.ON_TIME, attempts)
    assert on_time is not None
    assert on_time.is_late is all(one.is_late for one in graded)
    assert counting(Counts.CHOSEN, attempts) == best
    assert counting(Counts.CHOSEN, attempts, graded[0].attempt) == graded[0]


@given(
    rule=some.sampled_from([Counts.BEST, Counts.LATEST, Counts.ON_TIME]),
    attempts=attempts,
    score=some.floats(0, 70),
    minutes=some.integers(-90, 90 * 24 * 60),
)
def test_what_is_foretold_of_a_hand_in_comes_true(
    rule: Counts, attempts: list[Candidate], score: float, minutes: int
) -> None:
    terms, moment = replace(TERMS, counts=rule), DUE + timedelta(minutes=minutes)
    now = counting(rule, attempts)
    told = terms.prospect(
        moment, 70, now.counted if now else None, is_late=now is not None and now.is_late
    )
    counted = told.lateness.left_of(score)
    assert counted <= told.most
    made = Candidate(len(attempts) + 1, counted, told.lateness.is_late)
    then = counting(rule, [*attempts, made])
    if told.becomes in (Becomes.COUNTS, Becomes.REPLACES):
        assert then == made
    elif told.becomes is Becomes.CANNOT:
        assert then == now
    else:
        assert now is not None
        assert (then == made) is (counted > (now.counted or 0.0))


@pytest.mark.parametrize(
    ("rule", "moment", "standing", "was_late", "becomes"),
    [
        (Counts.BEST, BEFORE, None, False, Becomes.COUNTS),
        (Counts.BEST, AFTER, 63.0, False, Becomes.CANNOT),
        (Counts.BEST, AFTER, 62.0, False, Becomes.IF_BETTER),
        (Counts.LATEST, AFTER, 70.0, False, Becomes.REPLACES),
        (Counts.ON_TIME, AFTER, 1.0, False, Becomes.CANNOT),
        (Counts.ON_TIME, BEFORE, 60.0, True, Becomes.REPLACES),
        (Counts.CHOSEN, BEFORE, 60.0, False, Becomes.IF_BETTER),
    ],
)
def test_what_a_hand_in_now_would_do(
    rule: Counts, moment: datetime, standing: float | None, was_late: bool, becomes: Becomes
) -> None:
    told = replace(TERMS, counts=rule).prospect(moment, 70, standing, is_late=was_late)
    assert told.becomes is becomes


def test_what_was_chosen_counts_until_another_is() -> None:
    chosen = replace(TERMS, counts=Counts.CHOSEN)
    assert chosen.prospect(BEFORE, 70, 60.0, has_chosen=True).becomes is Becomes.IF_CHOSEN


def test_of_two_extensions_each_gives_what_it_has_more_of() -> None:
    late, many = Extension(due_at=DUE + timedelta(days=2)), Extension(attempts=4)
    both = TERMS.extended([late, many])
    assert both.window.due_at == DUE + timedelta(days=2)
    assert both.limits.in_all == 7
    assert both == TERMS.extended([many, late])


def test_whoever_is_exempt_is_never_late() -> None:
    assert not replace(TERMS, exempt=True).lateness(AFTER).is_late
    assert TERMS.lateness(AFTER).is_late
