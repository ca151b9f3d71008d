"""An assignment is changed over REST by who has read what it is now, and by nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from app.models import Assignment
from tests.support.cast import Person


def change(person: Person, assignment: Assignment, etag: str | None, **fields: object) -> int:
    headers = {} if etag is None else {"If-Match": etag}
    return sent(person, assignment, headers, fields).status_code


def sent(
    person: Person, assignment: Assignment, headers: dict[str, str], fields: dict[str, object]
) -> httpx.Response:
    return person.api.patch(f"/assignments/{assignment.id}", json=fields, headers=headers)


def etag_of(person: Person, assignment: Assignment) -> str:
    return str(person.api.get(f"/assignments/{assignment.id}").headers["etag"])


def look(person: Person, assignment: Assignment) -> dict[str, object]:
    found: dict[str, object] = person.api.get(f"/assignments/{assignment.id}").json()
    return found


def test_what_is_sent_changes_and_the_rest_stays(
    instructor: Person, assignment: Assignment
) -> None:
    before = look(instructor, assignment)
    headers = {"If-Match": etag_of(instructor, assignment)}
    answer = sent(instructor, assignment, headers, {"title": "Sheet 2", "max_attempts": 3})
    assert answer.status_code == 200
    assert answer.json() == before | {"title": "Sheet 2", "max_attempts": 3}
    assert look(instructor, assignment) == answer.json()
    assert answer.headers["etag"] == etag_of(instructor, assignment)
    assert change(instructor, assignment, answer.headers["etag"], max_attempts=None) == 200
    assert look(instructor, assignment)["max_attempts"] is None


def test_nothing_changes_for_who_has_read_something_older_or_nothing(
    instructor: Person, assignment: Assignment
) -> None:
    old = etag_of(instructor, assignment)
    assert change(instructor, assignment, old, title="First") == 200
    for etag, status in ((old, 412), (None, 428), ('"unknown"', 412), (f"W/{old}", 412), ("", 412)):
        assert change(instructor, assignment, etag, title="Second") == status
    assert look(instructor, assignment)["title"] == "First"
    now = etag_of(instructor, assignment)
    assert change(instructor, assignment, f'"other", {now}', title="Third") == 200
    assert change(instructor, assignment, "*", title="Fourth") == 200


def test_of_two_changes_at_the_same_moment_one_is_told(
    instructor: Person, admin: Person, assignment: Assignment
) -> None:
    etag = etag_of(instructor, assignment)
    with ThreadPoolExecutor(2) as both:
        asked = [
            both.submit(change, one, assignment, etag, title=one.user.name)
            for one in (instructor, admin)
        ]
    assert sorted(answer.result() for answer in asked) == [200, 412]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-05-01", datetime(2030, 5, 1, 23, 59, 59, 999_999, UTC)),
        ("2030-05-01T23:59:59Z", datetime(2030, 5, 1, 23, 59, 59, tzinfo=UTC)),
        ("2030-05-01T23:59:59+02:00", datetime(2030, 5, 1, 21, 59, 59, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_date_alone_ends_with_its_day(
    instructor: Person, assignment: Assignment, text: str | None, moment: datetime | None
) -> None:
    assert change(instructor, assignment, "*", due_at=text) == 200
    due = look(instructor, assignment)["due_at"]
    assert (due and datetime.fromisoformat(str(due))) == moment


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": "2030-05-01T12:00"},
        {"due_at": "tomorrow"},
        {"due_at": "2030-05-01", "closes_at": "2030-04-01"},
        {"title": ""},
        {"title": "a\0b"},
        {"tittle": "misspelt"},
        {"max_attempts": 0},
        {"exercises": []},
        {"exercises": [{"slug": "nothing", "points": 1}]},
        {"exercises": [{"slug": "sum", "points": 1}, {"slug": "sum", "points": 2}]},
        {"rubric": {"forward": 0}},
        {"counts": "worst"},
    ],
)
def test_what_an_assignment_cannot_be_is_told_by_field(
    instructor: Person, assignment: Assignment, fields: dict[str, object]
) -> None:
    before = look(instructor, assignment)
    answer = sent(instructor, assignment, {"If-Match": "*"}, fields)
    assert answer.status_code == 422
    assert answer.json()["errors"]
    assert look(instructor, assignment) == before


def test_other_exercises_are_worth_what_they_say(
    instructor: Person, assignment: Assignment
) -> None:
    chosen = [{"slug": "sum", "points": 2.5}, {"slug": "product", "points": 5}]
    assert change(instructor, assignment, "*", exercises=chosen) == 200
    found = look(instructor, assignment)
    assert found["max_score"] == 7.5


def test_a_token_needs_the_scope_for_it(instructor: Person, assignment: Assignment) -> None:
    api = instructor.api_with("courses:read")
    answer = api.patch(f"/assignments/{assignment.id}", json={}, headers={"If-Match": "*"})
    assert answer.status_code == 403
    assert "courses:write" in answer.json()["detail"]
