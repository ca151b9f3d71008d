"""Pictures of a class: bars are as long as their numbers, and say them in words as well."""

from __future__ import annotations

import re

import pytest

from app.analytics.charts import Bar, Chart, Shape
from app.rendering.pictures import bars


def chart(*of: Bar, shape: Shape = Shape.ALONG, mark: int | None = None) -> Chart:
    return Chart("name", "What is seen.", "points", "students", of, shape, mark, "due")


def sides(picture: str, side: str) -> list[float]:
    rects = re.findall(r"<rect [^>]*ch-bar[^>]*>", picture)
    return [float(found[1]) for one in rects if (found := re.search(rf'{side}="([\d.]+)"', one))]


def test_a_bar_is_as_high_as_its_number() -> None:
    high = sides(bars(chart(Bar("a", 1), Bar("b", 4), Bar("c", 0))), "height")
    assert high[1] == pytest.approx(4 * high[0], rel=0.01)
    assert high[2] == 0


def test_a_part_is_as_long_as_its_share_and_what_is_whole_is_not_drawn() -> None:
    parts = chart(Bar("a", 1, 4), Bar("b", 3, 4), Bar("c", 4, 4), shape=Shape.BELOW)
    wide = sides(bars(parts), "width")
    assert wide[1] == pytest.approx(3 * wide[0], rel=0.01)
    assert len(wide) == 2


def test_the_finding_is_the_title_and_every_number_is_said() -> None:
    picture = bars(chart(Bar("0–7", 3), Bar("7–14", 5)))
    assert "<title>What is seen.</title>" in picture
    assert "<desc>0–7: 3; 7–14: 5</desc>" in picture


@pytest.mark.parametrize("mark", [0, 1, 2])
def test_a_mark_stands_within_the_picture(mark: int) -> None:
    picture = bars(chart(Bar("a", 1), Bar("b", 1), mark=mark))
    (x,) = re.findall(r'<line x1="([\d.]+)"[^>]*ch-mark', picture)
    assert 0 <= float(x) <= 344


@pytest.mark.parametrize("label", ["<script>", "x" * 300, "\u202eabc", "中文字"])
def test_whatever_is_in_a_label_is_text(label: str) -> None:
    for shape in Shape:
        picture = bars(chart(Bar(label, 1, 2), shape=shape))
        assert "<script>" not in picture
        assert "\u202e" not in picture


def test_nothing_to_draw_is_no_picture() -> None:
    assert bars(chart()) == bars(chart(Bar("a", 0))) == ""
    assert bars(chart(Bar("a", 2, 2), shape=Shape.BELOW)) == ""
