"""Feedback on an exercise puts the most useful first, and says nothing where all is right."""

from __future__ import annotations

from tests.pictures import reports
from tests.pictures.looking import parsed, pictures
from tests.pictures.sheet import feedback

EVERYTHING = reports.SWAPPED | {
    "details": {
        **reports.SWAPPED["details"],
        **reports.SIGMOID["details"],
        **reports.DOT["details"],
    }
}


def headings(html: str) -> list[str]:
    return ["".join(one.itertext()).strip() for one in parsed(_xml(html)).iter("h4")]


def said(html: str) -> str:
    return " ".join(" ".join(parsed(_xml(html)).itertext()).split())


def _xml(html: str) -> str:
    return html.replace("data-copy>", 'data-copy="">')


def test_the_hint_comes_first_and_the_snippet_right_after_the_numbers() -> None:
    html = feedback(EVERYTHING)
    assert html.index("Which tensor is in it?") < html.index("<h4")
    assert headings(html) == [
        "On this input",
        "Gradient of x1: expected and yours",
        "To see it on your own machine",
        "Over the range of inputs",
        "How the loss moves along one entry",
        "requires_grad, every combination",
        "Your computation graph",
        "What it costs",
    ]


def test_a_right_exercise_has_no_feedback() -> None:
    assert feedback(reports.exercise("Product")).strip() == ""


def test_a_check_that_was_not_reached_is_no_failure() -> None:
    report = reports.exercise("Product", reports.SWAPPED["checks"][0]["exhibit"])
    report["checks"][0]["status"] = "blocked"
    assert feedback(report).strip() == ""


def test_the_input_and_what_comes_from_upstream_are_shown() -> None:
    text = said(feedback(reports.SWAPPED))
    assert "x1 float32, shape (4,) 1.5 −1.25 −0.75 1" in text
    assert "upstream gradient dzdy float32, shape (1,) 1" in text


def test_the_numbers_of_a_picture_are_there_as_tables_too() -> None:
    html = feedback(reports.TRANSPOSED)
    assert "The same numbers as tables" in html
    assert "expected float32, shape (2, 3) 0.5 −1.5 2.25 1 −3 4.5" in said(html)


def test_single_numbers_are_set_as_text() -> None:
    html = feedback({**reports.SIGMOID, "details": {}})
    assert pictures(_xml(html)) == []
    assert "expected float32, a single number 0.25 yours float32, a single number 0.5" in said(html)


def test_where_nothing_came_it_says_so() -> None:
    assert "yours nothing came" in said(feedback(reports.NOTHING_CAME))


def test_where_something_else_than_a_tensor_came_it_says_what() -> None:
    exhibit = reports.exhibit("result", [1.0, 2.0], None)
    exhibit["got"] = {"name": "result", "dtype": "a list", "shape": [], "values": None}
    assert "yours a list no numbers in it" in said(feedback(reports.exercise("Sum", exhibit)))


def test_a_call_leads_to_its_line_in_the_source() -> None:
    assert '<a href="#L11">line 11</a>' in feedback(reports.COMPOSITION)
