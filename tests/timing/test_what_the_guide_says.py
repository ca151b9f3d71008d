"""Each example of the guide for instructors is what the rules say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.rendering import rules
from app.timing import moments
from app.timing.counting import Candidate, Counts, counting
from app.timing.late import LatePolicy, Per, Unit
from app.timing.limits import Limits, Used
from app.timing.terms import Terms
from app.timing.windows import Extension, Window
from tests.timing.test_moments import BERLIN, at

GUIDE = (Path(__file__).parents[2] / "docs" / "instructors.md").read_text("utf-8")
DUE = at("2026-03-27T23:59")
QUARTER = timedelta(minutes=15)
A_DAY = LatePolicy(10)
POLICIES = [
    (LatePolicy(), timedelta(0)),
    (A_DAY, timedelta(0)),
    (LatePolicy(10, cap=50), timedelta(0)),
    (LatePolicy(1, per=Per.HOUR), timedelta(0)),
    (LatePolicy(5, Unit.POINTS, Per.ONCE), timedelta(0)),
    (LatePolicy(2, Unit.POINTS, cap=6), timedelta(0)),
    (A_DAY, QUARTER),
]
LIMITS = [Limits(2), Limits(a_day=1), Limits(pause=timedelta(minutes=30))]


def table(*heads: str) -> list[list[str]]:
    """The rows of the guide's table with these heads."""
    head = re.escape("| " + " | ".join(heads) + " |\n")
    found = re.search(head + r"\|[-|]+\|\n((?:\|.*\n)+)", GUIDE)
    assert found, heads
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]


def terms(policy: LatePolicy = A_DAY, grace: timedelta = timedelta(0), **more: Limits) -> Terms:
    limits = more.get("limits", Limits())
    return Terms(Window(due_at=DUE, grace=grace), policy, limits, Counts.BEST, BERLIN)


SAID = {rules.late_policy(terms(*one)): terms(*one) for one in POLICIES}


@pytest.mark.parametrize(
    "row", table("late work", "handed in", "counts"), ids=lambda row: f"{row[0]} {row[1]}"
)
def test_late_work(row: list[str]) -> None:
    said, moment, counts = row
    left = SAID[said].lateness(at(moment.replace(" ", "T"))).left_of(40)
    assert left == pytest.approx(float(counts))


def test_every_kind_of_late_work_is_in_the_guide() -> None:
    shown = {row[0] for row in table("late work", "handed in", "counts")}
    assert shown == set(SAID)


@pytest.mark.parametrize(
    "row", table("handed in", "rule", "the last one"), ids=lambda row: f"{row[1]}: {row[0]}"
)
def test_how_often(row: list[str]) -> None:
    times = [_on(one) for one in row[0].split(", ")]
    (held,) = (one for one in LIMITS if rules.limits(terms(limits=one)) == row[1])
    *before, last = times
    today = [one for one in before if one >= moments.start_of_day(last, BERLIN)]
    found = held.allowance(Used(len(before), len(today), before[-1]), last, BERLIN)
    assert row[2] == _said(found.takes, found.again_at)


def _said(is_taken: bool, again_at: datetime | None) -> str:
    if again_at is None:
        return "taken" if is_taken else "refused"
    return f"refused until {again_at.astimezone(ZoneInfo(BERLIN)):%m-%d %H:%M}"


@pytest.mark.parametrize(
    "row", table("extension", "then due", "then closes", "attempts"), ids=lambda row: row[0]
)
def test_extensions(row: list[str]) -> None:
    what, due, closes, attempts = row
    usual = Terms(
        Window(due_at=_on("11-02 12:00"), closes_at=_on("11-03 12:00")),
        *(A_DAY, Limits(2), Counts.BEST, BERLIN),
    )
    name, _, moment = what.partition(" ")
    if name.isdigit():
        given = Extension(attempts=int(name))
    elif name == "due":
        given = Extension(due_at=_on(moment))
    else:
        given = Extension(closes_at=_on(moment))
    found = usual.extended([given])
    assert (found.window.due_at, found.window.closes_at) == (_on(due), _on(closes))
    assert found.limits.in_all == int(attempts)


@pytest.mark.parametrize("row", table("late days", "is then due"), ids=lambda row: row[0])
def test_late_days(row: list[str]) -> None:
    usual = replace(terms(), window=Window(due_at=at("2026-03-28T23:59")))
    assert usual.with_late_days(int(row[0])).window.due_at == at(row[1].replace(" ", "T"))


def _on(text: str) -> datetime:
    return at(f"2026-{text}".replace(" ", "T"))


@pytest.mark.parametrize("row", table("what counts", "counts"), ids=lambda row: row[0])
def test_what_counts(row: list[str]) -> None:
    (rule,) = (one for one, words in rules.WHAT_COUNTS.items() if words == row[0])
    late = LatePolicy(20).lateness(Window(due_at=DUE), DUE + timedelta(hours=1), BERLIN)
    rest = [Candidate(place, late.left_of(score), True) for place, score in ((2, 45), (3, 20))]
    attempts = [Candidate(1, 30), *rest]
    said, *chosen = row[1].split("; once the first is chosen, ")
    found = counting(rule, attempts)
    assert found is not None
    assert said == f"the {('first', 'second', 'third')[found.attempt - 1]}, {found.counted:g}"
    if rule is Counts.CHOSEN:
        once = counting(rule, attempts, chosen=1)
        assert once is not None
        assert chosen == [f"{once.counted:g}"]
