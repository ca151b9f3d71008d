"""Each example of what students see when, in the guide for instructors, is what the rules say."""

from __future__ import annotations

import pytest

from app.rendering.visibility import setting
from app.timing.windows import Window
from app.visibility.rules import PARTS, Meanwhile, Rules, Shown, Sight, When
from app.visibility.steps import Step, at_step
from graders.model.exercise import FAMILIES
from tests.timing.test_moments import at
from tests.timing.test_what_the_guide_says import table
from tests.visibility.reports import exercise

RELEASE = When.AFTER_RELEASE
ALL = [
    Rules(),
    Rules({"robustness": RELEASE, "score": RELEASE}),
    Rules({"robustness": When.NEVER, "score": RELEASE}),
    Rules(dict.fromkeys(PARTS, When.AFTER_DUE), Meanwhile.NONE),
    Rules({"gradient": RELEASE, "score": RELEASE}),
]
SAID = {setting(rules): rules for rules in ALL}
ROWS = table("what is set", "at", "students see the checks of", "and the score")
SCORES = {Shown.WHOLE: "whole", Shown.PART: "of these checks", Shown.NONE: "none"}


@pytest.mark.parametrize("place", range(len(ROWS)))
def test_what_students_see(place: int) -> None:
    _, moment, families, score = ROWS[place]
    rules = SAID[next(row[0] for row in reversed(ROWS[: place + 1]) if row[0] != "the same")]
    day, _, released = moment.partition(", ")
    window = Window(due_at=at("2026-03-27T23:59"))
    when = at(f"2026-{day}".replace(" ", "T"))
    sight = rules.sight(window, released=bool(released), moment=when)
    assert (_families(sight), SCORES[sight.score]) == (families, score)


def _families(sight: Sight) -> str:
    hidden = [family for family in FAMILIES if family not in sight.families]
    if not hidden:
        return "all families"
    if len(hidden) == 1:
        return f"all but {hidden[0]}"
    return ", ".join(one for one in FAMILIES if one in sight.families) or "no family"


@pytest.mark.parametrize("row", table("step", "what is said"), ids=lambda row: row[0])
def test_what_is_said_at_each_step(row: list[str]) -> None:
    report = exercise("sum", {("gradient", "gradient-x")})
    report["summary"] = "The gradient of `x` is wrong."
    report["diagnosis"] = {"name": "forgotten", "hint": "Multiply by `dzdy`.", "pointer": ""}
    told = at_step(report, Step.named(row[0]))
    hint = (told["diagnosis"] or {"hint": ""})["hint"]
    assert f"{told['summary']} {hint}".strip() == row[1]


def test_every_step_is_in_the_guide() -> None:
    assert [row[0] for row in table("step", "what is said")] == [one.word for one in Step]


def test_every_rule_of_these_is_in_the_guide() -> None:
    assert {row[0] for row in ROWS} - {"the same"} == set(SAID)
