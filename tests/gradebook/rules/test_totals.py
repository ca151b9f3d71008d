"""What counts as 0 in a total, what is left out, and shares by groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.gradebook import totals
from app.gradebook.grades import Grade
from app.gradebook.totals import Column, State
from app.models import Assignment, AssignmentExercise, AssignmentGroup

NOW = datetime(2026, 11, 30, tzinfo=UTC)
BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)


def column(number: int, points: float = 10, group: int | None = None, **when: object) -> Column:
    assignment = Assignment(id=number, title=f"Sheet {number}", group_id=group)
    assignment.published = bool(when.pop("published", True))
    for name in ("opens_at", "due_at", "closes_at"):
        setattr(assignment, name, when.get(name))
    assignment.exercises = [AssignmentExercise(slug="sum", position=0, points=points)]
    return Column.of(assignment, NOW)


def scored(score: float, **more: object) -> Grade:
    return Grade(score=score, computed=score, attempts=1, **more)  # type: ignore[arg-type]


def group(number: int, weight: float, dropped: int = 0) -> AssignmentGroup:
    return AssignmentGroup(id=number, title=f"Group {number}", weight=weight, dropped=dropped)


@pytest.mark.parametrize(
    ("grade", "due", "state"),
    [
        (Grade(), AFTER, State.NOTHING),
        (Grade(), None, State.NOTHING),
        (Grade(), BEFORE, State.MISSING),
        (Grade(attempts=1, pending=1), BEFORE, State.PENDING),
        (Grade(attempts=1), BEFORE, State.FAILED),
        (scored(0), BEFORE, State.SCORED),
        (scored(5, excused=True), BEFORE, State.EXCUSED),
        (Grade(score=5, changed=True), BEFORE, State.SCORED),
    ],
)
def test_how_a_student_stands(grade: Grade, due: datetime | None, state: State) -> None:
    assert totals.state(column(1, due_at=due), grade) is state


def test_what_is_closed_without_a_due_date_is_missed_as_well() -> None:
    assert totals.state(column(1, closes_at=BEFORE), Grade()) is State.MISSING


def test_missing_work_counts_as_zero_and_what_can_still_come_is_left_out() -> None:
    columns = [column(1, due_at=BEFORE), column(2, due_at=BEFORE), column(3, due_at=AFTER)]
    total = totals.of_grades(columns, [], {1: scored(6)})
    assert (total.points, total.possible, total.share) == (6, 20, 0.3)


@pytest.mark.parametrize("hidden", [{"published": False}, {"opens_at": AFTER}])
def test_what_students_cannot_see_is_in_no_total(hidden: dict[str, Any]) -> None:
    columns = [column(1, **hidden), column(2)]
    total = totals.of_grades(columns, [], {1: scored(10), 2: scored(4)})
    assert (total.points, total.possible) == (4, 10)


def test_excused_work_is_in_no_total_though_it_has_a_score() -> None:
    total = totals.of_grades([column(1), column(2)], [], {1: scored(1, excused=True), 2: scored(9)})
    assert (total.points, total.possible) == (9, 10)


def test_nothing_that_counts_is_no_share() -> None:
    assert totals.of_grades([column(1)], [], {}).share is None


def test_groups_count_by_their_weights_whatever_their_points() -> None:
    columns = [column(1, 10, group=1), column(2, 100, group=2)]
    total = totals.of_grades(columns, [group(1, 3), group(2, 1)], {1: scored(10), 2: scored(50)})
    assert total.share == pytest.approx(0.75 * 1 + 0.25 * 0.5)


def test_a_group_in_which_nothing_counts_leaves_its_weight_to_the_others() -> None:
    columns = [column(1, group=1), column(2, group=2, due_at=AFTER)]
    total = totals.of_grades(columns, [group(1, 1), group(2, 9)], {1: scored(5)})
    assert total.share == 0.5


def test_what_is_in_no_group_is_in_no_total_where_there_are_groups() -> None:
    columns = [column(1, group=1), column(2)]
    total = totals.of_grades(columns, [group(1, 1)], {1: scored(5), 2: scored(10)})
    assert (total.points, total.share) == (5, 0.5)


def test_the_lowest_by_share_are_dropped_and_one_always_stays() -> None:
    columns = [column(1, 10, 1), column(2, 100, 1), column(3, 10, 1, due_at=BEFORE)]
    own = {1: scored(9), 2: scored(50)}
    for dropped, gone, share in ((1, {3}, 59 / 110), (2, {3, 2}, 0.9), (9, {3, 2}, 0.9)):
        total = totals.of_grades(columns, [group(1, 1, dropped)], own)
        assert total.parts[0].dropped == gone
        assert total.share == pytest.approx(share)


def test_dropping_from_nothing_drops_nothing() -> None:
    assert totals.of_grades([column(1, group=1)], [group(1, 1, 2)], {}).share is None
