"""Expected, got and their difference can be compared at a glance, and read to the last digit."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from app.rendering.pictures import heatmap
from tests.pictures import reports
from tests.pictures.looking import failures, parsed, pictures, texts, words


def drawn(expected: Any, got: Any, **more: Any) -> str:
    return heatmap(reports.exhibit("gradient of `A`", expected, got, **more))


def shades(picture: ElementTree.Element) -> list[str]:
    return [box.attrib["class"] for box in picture.iter("rect") if box.attrib["class"] != "fb-off"]


def outlined(picture: ElementTree.Element) -> list[str]:
    return [
        cell.findtext("text") or ""
        for cell in picture.iter("g")
        if any(box.get("class") == "fb-off" for box in cell.iter("rect"))
    ]


def test_a_matrix_has_three_panels_beside_each_other() -> None:
    expected, yours, difference = pictures(drawn([[1, 2], [3, 4]], [[1, 3], [2, 4]]))
    assert [t.text for t in expected.iter("text")] == ["0", "1", "0", "1", "2", "1", "3", "4"]
    assert [t.text for t in yours.iter("text")][3:5] == ["1", "3"]
    assert [t.text for t in difference.iter("text")][3:] == ["0", "+1", "1", "−1", "0"]


def test_a_vector_has_its_three_rows_in_one_picture() -> None:
    markup = drawn([1, 2, 3], [1, 2.5, 3])
    assert len(pictures(markup)) == 1
    assert texts(markup)[:3] == ["0", "1", "2"]
    assert texts(markup)[3:] == [
        *("expected", "1", "2", "3"),
        *("yours", "1", "2.5", "3"),
        *("difference", "0", "+0.5", "0"),
    ]


def test_exactly_the_wrong_entries_of_the_student_are_outlined() -> None:
    expected, yours, difference = pictures(drawn([[1, 2], [3, 4]], [[1, 5], [6, 4]]))
    assert [outlined(p) for p in (expected, yours, difference)] == [[], ["5", "6"], []]


def test_colours_of_the_difference_go_both_ways_from_none() -> None:
    difference = pictures(drawn([[0, 0, 0, 0, 0]], [[-3, -1, 0, 1, 3]]))[2]
    assert shades(difference) == ["fb-dn3", "fb-dn2", "fb-d0", "fb-dp2", "fb-dp3"]


def test_equal_numbers_have_equal_shades_on_both_sides() -> None:
    expected, yours, _ = pictures(drawn([[1, 2], [3, 4]], [[1, 3], [2, 4]]))
    a, b, c, d = shades(expected)
    assert shades(yours) == [a, c, b, d]


def test_rounding_is_no_error_but_is_not_called_equal() -> None:
    markup = drawn([[1.0, 2.0]], [[1.0000001, 3.0]])
    assert outlined(pictures(markup)[1]) == ["3"]
    assert "≈0" in texts(markup)


def test_numbers_have_as_many_digits_as_tell_them_apart() -> None:
    assert {"0.12345", "0.12346"} <= set(texts(drawn([[0.12345, 1]], [[0.12346, 1]])))


def test_a_judge_that_is_stricter_than_the_picture_still_has_its_entry_marked() -> None:
    assert outlined(pictures(drawn([[1.0, 2.0]], [[1.0, 2.0000001]]))[1]) == ["2.0000001"]


def test_what_is_not_finite_is_said_and_drawn() -> None:
    markup = drawn([[0, 1], [2, 3]], [["nan", 1], ["inf", "-inf"]])
    assert {"NaN", "∞", "−∞", "+∞"} <= set(texts(markup))
    assert outlined(pictures(markup)[1]) == ["NaN", "∞", "−∞"]
    assert failures(markup) == []


def test_other_shapes_are_drawn_without_a_difference_and_the_caption_says_so() -> None:
    markup = drawn([[1, 2, 3], [4, 5, 6]], [21])
    assert len(pictures(markup)) == 2
    assert "expected is float32, shape (2, 3), yours float32, shape (1,)" in words(markup)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 2.0),
        ([15.0], [-10.0]),
        ([[3]], [[4]]),
        ([], []),
        ([[]], [[]]),
        ([1.0], None),
        (None, None),
        ([1, 2], []),
    ],
)
def test_there_is_no_picture_of_single_numbers_of_nothing_and_of_what_did_not_come(
    expected: Any, got: Any
) -> None:
    assert drawn(expected, got) == ""


def test_of_a_cube_the_matrix_with_the_first_wrong_entry_is_drawn() -> None:
    markup = drawn([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[1, 2], [3, 4]], [[5, 6], [7, 7]]])
    assert "yours [1, :, :]" in words(markup)
    assert outlined(pictures(markup)[1]) == ["7"]
    assert "Of 2 matrices, [1, :, :] is shown." in words(markup)


def test_a_large_matrix_is_drawn_around_its_first_wrong_entry() -> None:
    want = [[0.0] * 40 for _ in range(40)]
    got = [list(row) for row in want]
    got[25][33] = 1.0
    yours = pictures(drawn(want, got))[1]
    assert outlined(yours) == ["1"]
    assert len(shades(yours)) == 120
    heads = [t.text for t in yours.iter("text") if t.get("class") == "fb-quiet"]
    assert {"25", "33"} <= set(heads)


def test_a_tensor_cut_to_its_first_numbers_is_folded_to_its_shape() -> None:
    flat = [float(i) for i in range(6)]
    exhibit = {
        "what": "gradient of `A`",
        "expected": reports.tensor("A", flat, shape=[40, 4]),
        "got": reports.tensor("A", [*flat[:5], 50.0], shape=[40, 4]),
    }
    markup = heatmap(exhibit)
    assert outlined(pictures(markup)[1]) == ["50"]
    assert "[1, 1] yours 50" in [t.text for t in parsed(markup).iter("title")]
    assert "Of a larger tensor, 6 entries from [0, 0] on are shown." in words(markup)


def test_every_cell_tells_its_index_and_more_digits_on_pointing() -> None:
    titles = [t.text for t in parsed(drawn([[1 / 3, 1]], [[0.5, 1]])).iter("title")]
    assert "[0, 0] expected 0.333333333" in titles


def test_the_alternative_text_has_all_the_numbers() -> None:
    (picture,) = pictures(drawn([1, 2], [1, 3]))
    assert picture.findtext("title") == "Expected, yours and the difference: gradient of A"
    assert picture.findtext("desc") == "expected: 1, 2. yours: 1, 3. difference: 0, +1."
