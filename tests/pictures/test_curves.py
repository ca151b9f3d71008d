"""Curves and slopes are drawn so that one sees which is which, and where they part."""

from __future__ import annotations

import math
from typing import Any

import pytest

from app.rendering.pictures import curve, difference
from tests.pictures import reports
from tests.pictures.looking import failures, pictures, texts, words


def lines(markup: str) -> dict[str, str]:
    """The path of each line by its class."""
    (picture,) = pictures(markup)
    return {p.attrib["class"].split()[-1]: p.attrib["d"] for p in picture.iter("path")}


def slopes(true: Any, yours: Any, **more: Any) -> str:
    xs = [i / 10 for i in range(-10, 11)]
    data = {"input": "A", "index": [0, 1], "x": xs, "y": [x * x + x for x in xs]}
    return difference(data | {"slope_expected": true, "slope_got": yours} | more)


def test_two_lines_are_named_where_they_end_and_differ_in_more_than_colour() -> None:
    markup = reports.SIGMOID["details"]["curve"]
    assert {"true", "yours"} <= set(texts(curve(markup)))
    assert set(lines(curve(markup))) == {"fb-true", "fb-yours"}


def test_both_axes_have_a_name_and_numbers() -> None:
    said = texts(curve(reports.curve([0.1] * 41)))
    assert {"x", "derivative", "0", "0.2", "−4", "4"} <= set(said)


def test_a_line_has_a_gap_where_no_number_came() -> None:
    got = [0.1 if i not in (10, 20) else None for i in range(41)]
    path = lines(curve(reports.curve(got)))["fb-yours"]
    assert path.count("M") == 3


def test_a_student_whose_every_value_is_missing_still_sees_the_true_line() -> None:
    markup = curve(reports.curve([None] * 41))
    assert set(lines(markup)) == {"fb-true"}
    assert "nothing to draw" in words(markup)


def test_a_line_that_runs_away_does_not_flatten_the_true_one() -> None:
    markup = curve(reports.curve([math.exp(x) for x in range(-20, 21)]))
    heights = [float(p.split()[1].split("L")[0]) for p in lines(markup)["fb-true"][1:].split("L")]
    assert max(heights) - min(heights) > 30
    assert "Your line leaves the picture." in words(markup)
    assert failures(markup) == []


def test_the_sentence_names_the_place_where_the_lines_are_furthest_apart() -> None:
    got = list(reports.curve([])["expected"])
    got[20] = 0.75
    assert "At x = 0 the derivative is 0.25; yours is 0.75." in words(curve(reports.curve(got)))


def test_a_right_derivative_is_called_so() -> None:
    markup = curve(reports.SIGMOID_RIGHT["details"]["curve"])
    assert "lies on the true one over the whole range" in words(markup)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"x": [], "expected": [], "got": []},
        {"x": [1], "expected": [1], "got": [1]},
        {"x": [1, 1], "expected": [1, 2], "got": [1, 2]},
        {"x": [1, 2], "expected": [None, "nan"]},
    ],
)
def test_there_is_no_curve_without_two_points(data: Any) -> None:
    assert curve(data) == ""


def test_the_tangents_touch_the_loss_at_the_entry_and_are_named() -> None:
    markup = slopes(1.0, 3.0)
    (dot,) = (c for p in pictures(markup) for c in p.iter("circle"))
    for name in ("fb-true", "fb-yours"):
        start, end = (tuple(map(float, p.split())) for p in lines(markup)[name][1:].split("L"))
        middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
        assert middle == pytest.approx([float(dot.attrib[c]) for c in ("cx", "cy")], abs=0.2)
    assert {"loss", "true", "yours", "loss z", "A[0, 1]"} <= set(texts(markup))


def test_the_steeper_slope_is_drawn_steeper() -> None:
    rises = {}
    for name, path in lines(slopes(0.5, 1.0)).items():
        (x1, y1), (x2, y2) = (
            map(float, p.split()) for p in path[1:].split("L")[:: path.count("L")]
        )
        rises[name] = (y1 - y2) / (x2 - x1)
    assert rises["fb-yours"] == pytest.approx(2 * rises["fb-true"], rel=0.05)


def test_the_sentence_has_both_slopes() -> None:
    assert "the loss has the slope 1; your gradient says 3." in words(slopes(1.0, 3.0))


@pytest.mark.parametrize(
    ("got", "said"), [("nan", "NaN"), ("inf", "∞"), (None, "no gradient came")]
)
def test_a_slope_that_is_no_number_is_not_drawn_but_told(got: Any, said: str) -> None:
    markup = slopes(1.0, got)
    assert set(lines(markup)) == {"fb-loss", "fb-true"}
    assert said in words(markup)


@pytest.mark.parametrize("got", [1e12, -1e300, 1e-300, 0.0])
def test_no_slope_is_too_steep_for_its_picture(got: float) -> None:
    assert failures(slopes(1.0, got)) == []


def test_a_loss_that_does_not_move_has_a_picture_too() -> None:
    markup = slopes(0.0, 2.0, y=[3.0] * 21)
    assert set(lines(markup)) == {"fb-loss", "fb-true", "fb-yours"}
    assert failures(markup) == []


def test_labels_never_stand_on_each_other() -> None:
    (picture,) = pictures(slopes(1.0, 1.01))
    heights = sorted(
        float(t.attrib["y"]) for t in picture.iter("text") if "fb-label" in t.attrib["class"]
    )
    assert len(heights) == 3
    assert heights[2] - heights[1] >= 12 or heights[1] - heights[0] >= 12
