"""How pages write times, scores and floats."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.pages import words
from app.pages.source import lines
from app.pages.tensors import table, write

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
    assert words.brief(NOW + gap, "Europe/Berlin", NOW) == text


def test_the_exact_moment_names_day_year_and_zone() -> None:
    assert words.exact(NOW, "Europe/Berlin") == "Monday 23 November 2026, 13:00 CET"


@pytest.mark.parametrize(
    ("gap", "text"),
    [
        (timedelta(days=2, hours=3), "in 2 days"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(seconds=30), "in under a minute"),
        (timedelta(seconds=-30), "just now"),
        (timedelta(days=13), "in 13 days"),
        (timedelta(days=15), "in 2 weeks"),
    ],
)
def test_a_distance_is_in_its_largest_unit(gap: timedelta, text: str) -> None:
    assert words.distance(NOW + gap, NOW) == text


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"])
def test_a_time_typed_in_a_zone_comes_back_the_same(zone: str) -> None:
    moment = words.from_input("2026-12-24T18:00", zone)
    assert words.input_value(moment, zone) == "2026-12-24T18:00"
    assert words.from_input("", zone) is None
    assert words.input_value(None, zone) == ""


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
    assert words.score(points) == text


def numbers(of: object, other: object, **more: object) -> list[list[tuple[str, bool]]]:
    shape = [len(of)] if isinstance(of, list) else []
    shown = table({"values": of, "shape": shape, **more}, {"values": other, "shape": shape})
    return [[(e.text, e.off) for e in row] for piece in shown.slices for row in piece.rows]


def test_two_numbers_have_as_many_digits_as_tell_them_apart() -> None:
    assert numbers([0.3333333, 1.0], [0.3334444, 1.0]) == [[("0.3333", True), ("1", False)]]
    assert numbers([1.00001234], [1.00021234]) == [[("1.00001", True)]]
    assert numbers([2.0], [2.0000000001]) == [[("2", False)]]


def test_what_is_not_finite_is_written_out_and_marked() -> None:
    row = numbers(["nan", "inf", "-inf", 1e30], [1.0, 2.0, "-inf", 1e30])
    assert row == [[("NaN", True), ("∞", True), ("−∞", False), ("1e30", False)]]
    assert write(-0.25) == "−0.25"


def test_a_scalar_a_vector_a_matrix_and_more_are_each_laid_out() -> None:
    assert table({"values": 3.0, "shape": []}).slices[0].rows[0][0].text == "3"
    assert table({"values": 3.0, "shape": [], "dtype": "float32"}).kind == "float32 scalar"
    assert len(table({"values": [1, 2], "shape": [2]}).slices[0].rows) == 1
    assert len(table({"values": [[1, 2], [3, 4]], "shape": [2, 2]}).slices[0].rows) == 2
    cube = table({"values": [[[1]], [[2]]], "shape": [2, 1, 1]})
    assert [piece.at for piece in cube.slices] == ["[0, :, :]", "[1, :, :]"]


def test_what_is_missing_or_cut_is_said() -> None:
    assert table({"values": [], "shape": [0]}).say == "no elements"
    assert table({"values": list(range(24)), "shape": [5, 6]}).say == "the first 24 of 30"
    odd = table({"values": None, "shape": [], "dtype": "tuple of 2"})
    assert (odd.kind, odd.slices, odd.say) == ("tuple of 2", [], "")


@pytest.mark.parametrize(
    "report",
    [
        {"values": [[1, 2], [3]], "shape": [2, 2]},
        {"values": "nonsense", "shape": [3]},
        {"values": {"a": 1}, "shape": []},
        {"values": [None, 1.0], "shape": [2]},
        {},
    ],
)
def test_an_odd_report_never_breaks_the_page(report: dict[str, object]) -> None:
    table(report, report)


@pytest.mark.parametrize("text", ["", "\n", "x = 1", "'''\n\n'''\n", "\f\nx\n", "é\n\u2028y\n"])
def test_source_keeps_its_lines_whatever_is_in_them(text: str) -> None:
    shown = lines(text, {})
    assert len(shown) == max(1, text.count("\n") + (not text.endswith("\n")))
