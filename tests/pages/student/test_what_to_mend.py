"""On top of a submission's page stands what to mend next, and the row of it alone is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.grading.showing.seen import Seen
from app.models import Assignment, ExerciseResult, Status, Submission
from app.models.teaching.courses import AssignmentExercise
from app.rendering import report_view
from app.rendering.next_steps import NextStep, next_steps
from app.rendering.report_view import ExerciseRow
from app.visibility.rules import WHOLE
from graders.exercises import EXERCISES
from graders.model.check_kinds import Reason

ABSENT = "absent"


def rows(scores: Mapping[str, float | str]) -> list[ExerciseRow]:
    """Rows of exercises of ten points each, with these scores, or absent."""
    submission = Submission(assignment=Assignment(), results=[], notes=[])
    for slug, got in scores.items():
        points = 0.0 if got == ABSENT else float(got)
        check = {
            "name": "values",
            "family": "forward",
            "status": "passed" if points == 10 else "failed",
            "points": points,
            "max_points": 10.0,
            "message": f"What {slug} lacks.",
            "reason": Reason.ABSENT if got == ABSENT else None,
        }
        report = {"title": EXERCISES[slug].title, "summary": "Said.", "checks": [check]}
        submission.results.append(
            ExerciseResult(slug=slug, score=points, max_score=10.0, report=report)
        )
    return report_view.of_submission(Seen(submission, WHOLE))


def told(steps: list[NextStep]) -> list[str]:
    """The lines as they are read."""
    return [
        f"{step.lead} {' '.join(row.slug for row in step.rows)}{step.say}".strip() for step in steps
    ]


def opened(found: list[ExerciseRow]) -> list[str]:
    return [row.slug for row in found if row.is_open]


def test_the_largest_loss_comes_first_and_its_row_alone_is_open() -> None:
    found = rows({"addition": 10, "product": 3, "sum": 10, "sigmoid": 1})
    assert opened(found) == ["sigmoid"]
    assert told(next_steps(found)) == ["Begin with sigmoid: 9 points missing.", "Then product."]


def test_rows_that_say_the_same_are_not_all_closed() -> None:
    assert opened(rows({"product": 3, "sigmoid": 3})) == ["product"]


def test_a_composition_waits_for_its_parts() -> None:
    found = rows({"product": 3, "composition": 0, "sum": 9})
    assert opened(found) == ["product"]
    assert told(next_steps(found)) == [
        "Begin with product: 7 points missing.",
        "Then sum.",
        "composition follows from what is wrong in the parts.",
    ]


def test_a_composition_of_right_parts_is_wrong_by_itself() -> None:
    found = rows({"addition": 10, "product": 10, "composition": 4})
    assert opened(found) == ["composition"]
    assert told(next_steps(found)) == ["Begin with composition: 6 points missing."]


def test_a_small_loss_is_a_line_with_its_advice_and_opens_nothing() -> None:
    found = rows({"product": 9.5, "sum": 10})
    assert opened(found) == []
    assert told(next_steps(found)) == ["A small thing in product: 0.5 points missing."]
    assert (found[0].is_slip, found[0].slip) == (True, "What product lacks.")


def test_what_is_not_written_yet_comes_last_and_is_not_opened() -> None:
    found = rows({"addition": ABSENT, "product": 3, "sum": ABSENT})
    assert opened(found) == ["product"]
    assert told(next_steps(found)) == [
        "Begin with product: 7 points missing.",
        "Not written yet: addition sum.",
    ]


def test_there_are_three_lines_at_most() -> None:
    scores: dict[str, float | str]
    scores = {"product": 3, "composition": 3, "sum": 0, "sigmoid": 9.5, "dot-product": ABSENT}
    assert len(next_steps(rows(scores))) == 3


def test_nothing_is_said_where_nothing_is_to_mend() -> None:
    assert next_steps(rows({"addition": 10, "product": 10})) == []


def test_while_it_waits_there_are_chips_without_scores_and_no_lines() -> None:
    exercise = AssignmentExercise(slug="sum", position=0, points=10.0)
    waiting = Submission(assignment=Assignment(exercises=[exercise]), results=[])
    waiting.status = Status.QUEUED
    found = report_view.of_submission(Seen(waiting, WHOLE))
    assert [(row.verdict, row.score) for row in found] == [("waiting", None)]
    assert next_steps(found) == []


def test_what_is_not_written_yet_marks_no_line() -> None:
    found = rows({"sum": ABSENT, "product": 3})
    lines = [replace(row, checks=[replace(row.checks[0], line=7)]) for row in found]
    marks = report_view.marks(Submission(notes=[], score=3.0, max_score=20.0), lines)
    assert [mark.text for mark in marks[7]] == ["Product: What product lacks."]
