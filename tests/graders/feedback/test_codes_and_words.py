"""A verdict goes by names and codes: the words of a sentence may change, and no verdict does."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import pytest

from app.grading.showing.seen import Seen
from app.models import Assignment, ExerciseResult, Submission
from app.rendering import report_view
from app.visibility.rules import WHOLE
from graders.exercises import COURSE_TEXT, EXERCISES, starter
from graders.judging.checks import catalogue
from graders.judging.exercise_run import ExerciseRun
from graders.model.check_kinds import FAMILY_TITLES, Reason, kind
from graders.model.evidence import Ending, Evidence
from graders.probes.plan import draw_plan
from graders.results.report import Report
from tests.graders.conftest import Grade
from tests.support.cells import HONEST

FILES = {
    "right": HONEST.decode(),
    "nothing in it": "x = 1\n",
    "only begun": starter(COURSE_TEXT),
    "unreadable": "def f(:\n",
    "ended before it was loaded": HONEST.decode() + "import os; os._exit(1)",
    "no forward": HONEST.decode().replace("return x1 + x2", "return x1 - x2"),
}


def stored(report: Report) -> dict[str, Any]:
    """The report as it comes back from the database."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(report)))
    return plain


def reworded(report: dict[str, Any]) -> dict[str, Any]:
    """The same with another word in place of each sentence."""
    text = re.sub(r'"(message|summary)": "[^"]+"', r'"\1": "Other words."', json.dumps(report))
    assert "Other words." in text
    changed: dict[str, Any] = json.loads(text)
    return changed


def seen(report: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """What a page makes of it: each exercise's verdict, and those of its checks."""
    submission = Submission(
        assignment=Assignment(exercises=[]),
        notes=report["notes"],
        results=[
            ExerciseResult(
                slug=one["slug"], score=one["score"], max_score=one["max_score"], report=one
            )
            for one in report["exercises"]
        ],
    )
    return [
        (one.slug, one.verdict, [check.verdict for check in one.checks])
        for one in report_view.of_submission(Seen(submission, WHOLE))
    ]


@pytest.mark.parametrize("name", FILES)
def test_other_words_make_no_other_verdict(grade: Grade, name: str) -> None:
    report = stored(grade(FILES[name]))
    assert seen(reworded(report)) == seen(report)


def test_a_starter_as_it_was_given_out_says_that_it_is_not_written_and_no_more(
    grade: Grade,
) -> None:
    for exercise in grade(FILES["only begun"]).exercises:
        assert exercise.summary.endswith("` is not written yet.")
        assert (exercise.details, exercise.snippet) == ({}, None)


def test_what_was_not_reached_or_is_not_there_is_told_apart_from_what_is_wrong(
    grade: Grade,
) -> None:
    def verdicts(name: str) -> set[str]:
        return {verdict for _, verdict, _ in seen(stored(grade(FILES[name])))}

    assert verdicts("right") == {"right"}
    assert verdicts("nothing in it") == {"absent"}
    assert verdicts("only begun") == {"unwritten"}
    assert verdicts("unreadable") == {"blocked"}
    assert verdicts("ended before it was loaded") == {"blocked"}


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_check_has_a_title_a_family_and_words_for_what_its_gate_shuts(slug: str) -> None:
    steps = [step.entry for step in EXERCISES[slug].steps]
    asked = draw_plan([*steps, slug], bytes(32))
    run = ExerciseRun(EXERCISES[slug], asked, Evidence(None, None, ending=Ending("done")))
    for spec in catalogue(run):
        assert kind(spec.name).title
        assert spec.family in FAMILY_TITLES
        assert bool(kind(spec.name).gate) == spec.gate, spec.name


def test_each_reason_comes_with_a_check_that_was_not_passed(grade: Grade) -> None:
    found = {
        (check.reason, check.passed)
        for source in FILES.values()
        for exercise in grade(source).exercises
        for check in exercise.checks
        if check.reason
    }
    assert found == {(reason, False) for reason in Reason}
