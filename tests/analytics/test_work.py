"""How a class works at an assignment is told in sentences, with the numbers behind them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from app.analytics import overview, work
from app.analytics.charts import Chart
from app.analytics.work import Effort
from app.gradebook import changes
from app.gradebook.changes import ByHand
from app.models import Assignment
from tests.analytics.conftest import MONDAY, Class_
from tests.support.cast import Person


def charts(class_: Class_) -> dict[str, Chart]:
    class_.session.rollback()
    found = overview.of_assignment(class_.session, class_.actor, class_.assignment.id)
    return {chart.name: chart for chart in found.charts}


def numbers(chart: Chart) -> dict[str, int]:
    return {bar.label: bar.number for bar in chart.bars if bar.number}


def test_scores_are_those_that_count_by_tenths_of_the_points(class_: Class_) -> None:
    for name, share in {"Ada": 1.0, "Ben": 0.5, "Cem": 0.55, "Dee": 0.0}.items():
        class_.hands_in(name, share)
    class_.hands_in("Ben", 0.1)
    found = charts(class_)["scores"]
    assert numbers(found) == {"0–7": 1, "35–42": 2, "63–70": 1}
    assert found.finding == ("Half of 4 students have 36.75 of 70 or more; 1 has full marks.")


def test_what_is_said_of_scores_says_something(class_: Class_) -> None:
    class_.hands_in("Ada", 1.0)
    assert charts(class_)["scores"].finding == "1 of 1 student has full marks."
    class_.hands_in("Ben", 1.0)
    class_.hands_in("Cem", 0.1)
    assert charts(class_)["scores"].finding == "2 of 3 students have full marks."
    for name in ("Dee", "Eve", "Fay", "Gus"):
        class_.hands_in(name, 0.0)
    said = "Half of 7 students or more have no points; 2 have full marks."
    assert charts(class_)["scores"].finding == said


def test_grades_by_hand_count_and_who_is_excused_does_not(class_: Class_) -> None:
    class_.hands_in("Ada", 0.0)
    class_.hands_in("Ben", 0.0)
    for name, wanted in {"Ada": ByHand(score=70.0), "Ben": ByHand(excused=True)}.items():
        who = class_.people[name].user.id
        changes.change(class_.session, class_.actor, class_.assignment.id, who, wanted, "So.")
    class_.session.commit()
    assert numbers(charts(class_)["scores"]) == {"63–70": 1}


def test_attempts_over_time_stand_against_the_due_date(class_: Class_) -> None:
    sheet = class_.session.get_one(Assignment, class_.assignment.id)
    sheet.due_at = MONDAY + timedelta(days=5)
    class_.session.commit()
    for day in (0, 4, 4.2, 4.9, 8):
        class_.hands_in("Ada", 0.5, day)
    found = charts(class_)["over-time"]
    assert [bar.label for bar in found.bars] == [f"{day} Nov" for day in range(2, 11)]
    assert numbers(found) == {"2 Nov": 1, "6 Nov": 2, "7 Nov": 1, "10 Nov": 1}
    assert (found.mark, found.marked) == (6, "due 7 Nov 12:00")
    assert found.finding.startswith("60 % of attempts came in the last two days")
    assert "1 attempt came on later days" in found.finding


def test_a_long_time_is_told_in_weeks(class_: Class_) -> None:
    class_.hands_in("Ada", 0.5, 0)
    class_.hands_in("Ada", 0.5, 70)
    found = charts(class_)["over-time"]
    assert (found.axis, len(found.bars)) == ("week from", 11)


def test_attempts_until_full_marks_and_who_is_not_there_yet() -> None:
    def effort(full_at: int | None) -> Effort:
        return Effort(9, full_at, timedelta())

    found = work.attempts_chart([effort(at) for at in (1, 2, 2, 4, 7, 30, None, None)])
    assert numbers(found) == {"1": 1, "2": 2, "4–5": 1, "6–10": 1, "more": 1, "not yet": 2}
    assert found.finding == (
        "Half of those with full marks needed 3 or fewer attempts; 2 of 8 are not there yet."
    )


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([], "Nobody has handed in twice yet."),
        ([0], "Half of the 1 student with several attempts were at it for less than a minute"),
        ([600, 7200, 90_000], "were at it for 2 hours or longer."),
    ],
)
def test_time_from_first_to_last_attempt(spans: list[int], said: str) -> None:
    found = work.span_chart([Effort(2, None, timedelta(seconds=span)) for span in spans])
    assert said in found.finding
    assert sum(bar.number for bar in found.bars) == len(spans)


def test_the_share_that_passes_each_check_is_of_the_attempts_that_count(class_: Class_) -> None:
    def checked(status: str) -> dict[str, Any]:
        one = {
            "family": "gradient",
            "name": "gradient-x1",
            "status": status,
        }
        other = {"family": "forward", "name": "values", "status": "passed"}
        last = {"family": "robustness", "name": "empty", "status": "blocked"}
        return {"product": {"checks": [other, one, last]}}

    class_.hands_in("Ada", 0.5, **checked("failed"))
    class_.hands_in("Ada", 0.9, **checked("passed"))
    class_.hands_in("Ben", 0.5, **checked("failed"))
    found = charts(class_)["checks of product"]
    assert [(bar.label, bar.number, bar.of) for bar in found.bars] == [
        ("Gradient of `x1`", 1, 2),
        ("Right values", 2, 2),
    ]
    assert found.finding == "Product: 1 of 2 do not pass “Gradient of `x1`”."


def test_nothing_handed_in_is_said_and_draws_nothing(class_: Class_) -> None:
    found = charts(class_)
    assert all(chart.is_empty for chart in found.values())
    assert found["scores"].finding == "Nobody has a score yet."
    assert found["over-time"].finding == "Nothing was handed in yet."


def test_csv_and_json_have_the_numbers_of_the_page(class_: Class_, instructor: Person) -> None:
    class_.hands_in("Ada", 1.0)
    at = f"/assignments/{class_.assignment.id}/analytics"
    text = instructor.web.get(f"{at}.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["Chart"] == "scores"]
    told = instructor.api.get(at).json()["charts"][0]
    assert [(row["What"], int(row["Number"])) for row in rows] == [
        (bar["label"], bar["number"]) for bar in told["bars"]
    ]
    assert rows[0]["Finding"] == told["finding"]
