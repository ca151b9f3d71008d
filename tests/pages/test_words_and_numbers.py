"""How pages write times and scores, and keep the lines of a source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.rendering import formatting
from app.rendering.report_view import Mark
from app.rendering.source_view import MOST_LINES, listing
from app.timing import moments

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(hours=3), "today 16:00"),
        (timedelta(hours=12), "tomorrow 01:00"),
        (timedelta(days=-1), "yesterday 13:00"),
        (timedelta(days=4), "Friday 13:00"),
        (timedelta(days=7), "Monday 30 November 13:00"),
        (timedelta(days=400), "Tuesday 28 December 2027 13:00"),
    ],
)
def test_a_moment_is_written_as_near_people_say_it(gap: timedelta, text: str) -> None:
    assert formatting.brief(NOW + gap, "Europe/Berlin", NOW) == text


def test_the_exact_moment_names_day_year_and_zone() -> None:
    assert formatting.exact(NOW, "Europe/Berlin") == "Monday 23 November 2026, 13:00 CET"


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(days=2, hours=3), "in 2 days"),
        (timedelta(days=2, seconds=-20), "in 2 days"),
        (timedelta(days=1, hours=13), "in 2 days"),
        (timedelta(days=-1, hours=-13), "2 days ago"),
        (timedelta(hours=23), "in 23 hours"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(seconds=30), "in under a minute"),
        (timedelta(seconds=-30), "just now"),
        (timedelta(days=13), "in 13 days"),
        (timedelta(days=15), "in 2 weeks"),
    ],
)
def test_a_distance_is_in_its_largest_unit(gap: timedelta, text: str) -> None:
    assert formatting.distance(NOW + gap, NOW) == text


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
def test_a_time_typed_in_a_zone_comes_back_the_same(zone: str) -> None:
    moment = moments.read("2026-12-24T18:00", zone, ends=True)
    assert formatting.input_value(moment, zone) == "2026-12-24T18:00"
    assert moments.read("", zone, ends=True) is None
    assert formatting.input_value(None, zone) == ""


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (8.5, "8.5"),
        (10.0, "10"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.15, "0.15"),
        (100.0, "100"),
        (None, "–"),
    ],
)
def test_scores_have_no_idle_zeros(points: float | None, text: str) -> None:
    assert formatting.score(points) == text


def test_a_large_number_is_written_in_threes() -> None:
    assert formatting.thousands(8444) == "8\u202f444"
    assert formatting.thousands(12) == "12"


@pytest.mark.parametrize("text", ["", "\n", "x = 1", "'''\n\n'''\n", "\f\nx\n", "é\n\u2028y\n"])
def test_source_keeps_its_lines_whatever_is_in_them(text: str) -> None:
    shown = listing(text, {}).lines
    assert len(shown) == max(1, text.count("\n") + (not text.endswith("\n")))


def test_of_a_very_long_source_the_beginning_is_shown_and_what_is_spoken_of() -> None:
    mark = Mark("look here")
    found = listing("x\n" * 262_000, {200_000: [mark]}, {7, 100_000, 300_000})
    assert [line.number for line in found.lines] == [*range(1, MOST_LINES + 1), 100_000, 200_000]
    assert [line.skipped for line in found.lines[-3:]] == [0, 100_000 - MOST_LINES - 1, 99_999]
    assert (found.rest, found.lines[-1].marks, found.is_whole) == (62_000, [mark], False)
    assert found.line(3_000) is None


def test_however_much_is_spoken_of_the_page_has_an_end() -> None:
    found = listing("x\n" * 262_000, {}, range(262_000))
    assert len(found.lines) < MOST_LINES + 300


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n"])
def test_source_is_coloured_however_many_empty_lines_end_it(end: str) -> None:
    lines = listing("import torch" + end, {}).lines
    assert "<span" in lines[0].html
    assert len(lines) == max(1, end.count("\n"))
