"""Before an assignment opens, students know its title and when; staff can read it all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.infrastructure.clock import now
from app.models import Assignment, Course
from tests.support.cast import Cast, Person

TEXT = "Prove the chain rule."


@pytest.fixture
def exam(cast: Cast, course: Course) -> Assignment:
    tomorrow = now() + timedelta(days=1)
    return cast.assignment(course, title="The exam", statement=TEXT, opens_at=tomorrow)


def test_students_see_title_and_time_and_nothing_of_what_is_asked(
    student: Person, exam: Assignment
) -> None:
    path = f"/assignments/{exam.id}"
    page = student.web.get(path).text
    assert "The exam" in page
    assert "in 1 day" in page or "in 23 hours" in page
    for word in (TEXT, "starter.py", "<h3"):
        assert word not in page
    for closed in ("/work", "/starter.py"):
        answer = student.web.get(path + closed)
        assert answer.status_code == 409
        assert "has not opened yet" in answer.text
    listed = student.api.get(f"/courses/{exam.course_id}/assignments").json()
    for seen in (student.api.get(path).json(), *listed):
        assert (seen["title"], seen["statement"], seen["exercises"]) == ("The exam", "", [])


def test_teaching_staff_read_all_of_it(assistant: Person, exam: Assignment) -> None:
    path = f"/assignments/{exam.id}"
    assert TEXT in assistant.web.get(path).text
    assert TEXT in assistant.web.get(f"{path}/work").text
    assert "class " in assistant.web.get(f"{path}/starter.py").text
    seen = assistant.api.get(path).json()
    assert seen["statement"] == TEXT
    assert len(seen["exercises"]) == 7
