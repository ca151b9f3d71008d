"""However often somebody has handed in, a page lists a bounded number of attempts, and leads on."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from app.grading import stored_files
from app.grading.submissions import ATTEMPTS
from app.infrastructure.clock import now
from app.models import Assignment, Status, Submission
from tests.support.cast import Person

NUMBER = 2 * ATTEMPTS + 30


@pytest.fixture
def persistent(db: Session, student: Person, assignment: Assignment) -> Person:
    """A student who has handed in all too often."""
    digest = stored_files.keep(db, b"x = 1\n")
    db.add_all(
        Submission(
            assignment_id=assignment.id,
            user_id=student.user.id,
            submitted_by_id=student.user.id,
            attempt=number + 1,
            filename="a.py",
            sha256=digest,
            seed=b"",
            status=Status.GRADED,
            score=float(number % 7),
            max_score=70.0,
            submitted_at=now(),
            graded_at=now(),
        )
        for number in range(NUMBER)
    )
    db.commit()
    return student


def listed(page: str) -> list[int]:
    return [int(number) for number in re.findall(r">Attempt (\d+)</a>", page)]


def test_every_attempt_is_on_one_of_the_pages(
    persistent: Person, assignment: Assignment, instructor: Person
) -> None:
    theirs = f"/assignments/{assignment.id}/attempts?student={persistent.user.id}"
    for who, path in ((persistent, f"/assignments/{assignment.id}/attempts"), (instructor, theirs)):
        found: list[int] = []
        next_page: str | None = path
        while next_page:
            page = who.web.get(next_page).text
            assert len(listed(page)) <= ATTEMPTS
            found += listed(page)
            link = re.search(r'href="([^"]+before=[^"]+)"', page)
            next_page = link[1].replace("&amp;", "&") if link else None
        assert found == list(range(NUMBER, 0, -1))


def test_their_number_is_told_where_one_hands_in(
    persistent: Person, assignment: Assignment
) -> None:
    assert f">{NUMBER} attempts</a>" in persistent.web.get(f"/assignments/{assignment.id}").text


def test_old_ones_can_be_compared_though_few_are_offered(
    persistent: Person, assignment: Assignment
) -> None:
    path = f"/assignments/{assignment.id}/compare"
    page = persistent.web.get(path, params={"from": 3, "to": 5})
    assert page.status_code == 200
    offered = set(re.findall(r'<option value="(\d+)"', page.text))
    assert {"3", "5", str(NUMBER)} <= offered
    assert len(offered) == ATTEMPTS + 2
    assert persistent.web.get(path, params={"from": 3, "to": 10**12}).status_code == 404
