"""Handing in on the page: what is taken, and what each thing that cannot be taken is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.infrastructure.clock import now
from app.models import Assignment, Course, Submission
from tests.pages.conftest import RIGHT, Desk, send
from tests.support.cast import Cast, Person
from tests.support.processes.server import nobody, served
from tests.support.processes.stack import Stack

TYPED = "# what I typed & mean <b>\nimport torch\n"


def typed(person: Person, assignment: Assignment, code: str = TYPED) -> httpx.Response:
    return person.web.post(f"/assignments/{assignment.id}/submissions", data={"code": code})


def count(db: Session, assignment: Assignment) -> int:
    db.rollback()
    rows = select(func.count()).where(Submission.assignment_id == assignment.id)
    return db.scalar(rows) or 0


def test_a_file_is_taken_byte_by_byte_and_its_page_is_there_at_once(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    made = desk.hand_in(student, assignment, RIGHT)
    assert student.web.get(f"/submissions/{made}").status_code == 200
    row = desk.look(made)
    assert row.source == RIGHT
    assert row.sha256 == hashlib.sha256(RIGHT).hexdigest()
    assert student.web.get(f"/submissions/{made}/source.py").content == RIGHT


def test_typed_code_is_taken_with_the_line_ends_of_a_file(
    desk: Desk, student: Person, assignment: Assignment
) -> None:
    answer = typed(student, assignment, "import torch\r\nx = 1\r\n")
    assert answer.status_code == 303
    row = desk.look(answer.headers["location"].removeprefix("/submissions/"))
    assert row.source == b"import torch\nx = 1\n"
    assert row.filename == "typed.py"


def test_the_starter_file_has_all_exercises_and_can_be_handed_in(
    student: Person, assignment: Assignment
) -> None:
    starter = student.web.get(f"/assignments/{assignment.id}/starter.py")
    assert "attachment" in starter.headers["content-disposition"]
    assert starter.text.count("class ") >= 6
    assert send(student, assignment, starter.content).status_code == 303


BAD = [
    (b"", 422, "The file is empty"),
    (b"   \n\n", 422, "The file is empty"),
    (b"\x89PNG\r\n\x1a\n0000", 422, "not a text file"),
    (b"x = 1\0", 422, "not a text file"),
    (b"x = 1\ny = '\xe9'\n", 422, "Line 2 has a letter that is not encoded as UTF-8"),
    (b"# coding: klingon\n", 422, "encoding"),
    (b"# coding: rot13\n", 422, "encoding"),
    ("x = 1".encode("utf-16"), 422, "saved as UTF-16"),
    (b"#" * 300_000, 413, "larger than 256 kB"),
    (b"#" * 9_000_000, 413, "more than the 256 kB"),
]


@pytest.mark.parametrize(("content", "status", "words"), BAD)
def test_what_no_grader_could_read_is_turned_away_with_the_reason(
    db: Session,
    student: Person,
    assignment: Assignment,
    content: bytes,
    status: int,
    words: str,
) -> None:
    answer = send(student, assignment, content)
    assert answer.status_code == status
    assert words in answer.text
    assert "was not taken" in answer.text
    assert count(db, assignment) == 0


def test_far_too_large_a_file_or_roster_is_told_how_to_go_on_and_leads_back(
    student: Person, instructor: Person, assignment: Assignment
) -> None:
    def unannounced(body: bytes) -> Iterator[bytes]:
        yield from (body[at : at + 65_536] for at in range(0, len(body), 65_536))

    upload, people = f"/assignments/{assignment.id}", f"/courses/{assignment.course_id}/people"
    for person, back, sent_to, words in (
        (student, upload, f"{upload}/submissions", "One Python file with your Function classes"),
        (student, upload, f"{upload}/trial", "One Python file with your Function classes"),
        (instructor, people, f"{people}/import", "Split it in two"),
    ):
        form = httpx.Request("POST", "http://x", files={"file": ("a", b"#" * 9_000_000)})
        kind = {"content-type": form.headers["content-type"]}
        for body in (form.read(), unannounced(form.read())):
            answer = person.web.post(sent_to, content=body, headers=kind)
            assert answer.status_code == 413
            assert "<h1>The file is too large</h1>" in answer.text
            assert words in answer.text
            assert f'href="{back}"' in answer.text
            assert ("roster" in answer.text) is (person is instructor)


def test_without_a_file_the_page_asks_for_one(student: Person, assignment: Assignment) -> None:
    address = f"/assignments/{assignment.id}/submissions"
    for sent in (
        {},
        {"files": {"file": ("", b"")}},
        {"data": {"file": "not a file"}},
        {"data": {"code": "  \n"}},
        {"content": b"{}", "headers": {"content-type": "application/json"}},
    ):
        answer = student.web.post(address, **sent)
        assert answer.status_code == 422
        assert "No file had been chosen and no code typed" in answer.text


def test_a_file_and_typed_code_together_are_asked_about_and_the_code_is_kept(
    db: Session, student: Person, assignment: Assignment
) -> None:
    answer = student.web.post(
        f"/assignments/{assignment.id}/submissions",
        files={"file": ("a.py", RIGHT)},
        data={"code": TYPED},
    )
    assert answer.status_code == 422
    assert "Hand in one of them" in answer.text
    assert "# what I typed &amp; mean &lt;b&gt;\nimport torch\n</textarea>" in answer.text
    assert count(db, assignment) == 0


def test_a_closed_assignment_says_so_and_who_to_ask(
    cast: Cast, course: Course, student: Person
) -> None:
    past = now() - timedelta(days=1)
    closed = cast.assignment(course, due_at=past, closes_at=past)
    page = student.web.get(f"/assignments/{closed.id}")
    assert "This assignment is closed" in page.text
    assert '<form method="post" action="/assignments' not in page.text
    answer = typed(student, closed)
    assert answer.status_code == 409
    assert "ask your instructor" in answer.text


def test_one_that_has_not_opened_says_so_and_takes_nothing(
    cast: Cast, course: Course, student: Person
) -> None:
    later = cast.assignment(course, opens_at=now() + timedelta(days=1))
    assert "has not opened yet" in student.web.get(f"/assignments/{later.id}").text
    assert send(student, later).status_code == 409


def test_after_the_last_attempt_the_page_says_that_what_there_is_counts(
    cast: Cast, course: Course, student: Person
) -> None:
    once = cast.assignment(course, max_attempts=1)
    assert "1 left" in student.web.get(f"/assignments/{once.id}").text
    assert send(student, once).status_code == 303
    assert "All attempts (1) are used" in student.web.get(f"/assignments/{once.id}").text
    assert send(student, once).status_code == 409


def test_late_work_is_taken_and_marked(
    cast: Cast, course: Course, desk: Desk, student: Person
) -> None:
    late = cast.assignment(course, due_at=now() - timedelta(hours=1))
    assert "past the due date" in student.web.get(f"/assignments/{late.id}").text
    made = desk.hand_in(student, late)
    assert ">late</span>" in student.web.get(f"/submissions/{made}").text


def test_a_form_of_another_website_hands_nothing_in(
    db: Session, student: Person, assignment: Assignment
) -> None:
    answer = student.web.post(
        f"/assignments/{assignment.id}/submissions",
        data={"code": TYPED},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403
    assert "another website" in answer.text
    assert count(db, assignment) == 0


def test_too_many_uploads_are_told_to_wait_and_keep_the_typed_code(
    student: Person, assignment: Assignment, tmp_path: Path
) -> None:
    with served(tmp_path, CHAINRULE_SUBMIT_LIMIT="1/minute") as server:
        address = f"{server.url}/assignments/{assignment.id}/submissions"
        answers = [
            httpx.post(address, data={"code": TYPED}, cookies=student.cookie, trust_env=False)
            for _ in range(2)
        ]
    assert [answer.status_code for answer in answers] == [303, 429]
    assert int(answers[1].headers["retry-after"]) > 0
    assert "# what I typed &amp; mean" in answers[1].text


@pytest.mark.parametrize("how", ["typed", "file"])
def test_when_postgres_is_away_nothing_that_was_handed_in_is_lost(
    student: Person, assignment: Assignment, tmp_path: Path, how: str
) -> None:
    away = f"postgresql+psycopg://nobody@{nobody()}/nothing"
    sent = {"data": {"code": TYPED}} if how == "typed" else {"files": {"file": ("my.py", TYPED)}}
    with served(tmp_path, CHAINRULE_DATABASE_URL=away) as server:
        answer = httpx.post(
            f"{server.url}/assignments/{assignment.id}/submissions",
            cookies=student.cookie,
            timeout=30,
            trust_env=False,
            **sent,
        )
    assert answer.status_code == 503
    assert "nothing is lost" in answer.text
    assert "# what I typed &amp; mean &lt;b&gt;\nimport torch\n</textarea>" in answer.text
    assert f'action="/assignments/{assignment.id}/submissions"' in answer.text
    if how == "file":
        assert 'name="filename" value="my.py"' in answer.text


def test_when_the_sign_in_has_ended_what_was_typed_is_kept(
    stack: Stack, assignment: Assignment
) -> None:
    answer = httpx.post(
        f"{stack.url}/assignments/{assignment.id}/submissions",
        data={"code": TYPED},
        trust_env=False,
    )
    assert answer.status_code == 401
    assert "Sign in in a new tab" in answer.text
    assert "# what I typed &amp; mean" in answer.text


def test_when_the_sign_in_has_ended_what_was_to_be_tried_is_kept(
    stack: Stack, assignment: Assignment
) -> None:
    where = f"/assignments/{assignment.id}/trial"
    answer = httpx.post(f"{stack.url}{where}", data={"code": TYPED}, trust_env=False)
    assert answer.status_code == 401
    assert "Not tried yet, and nothing is lost" in answer.text
    assert f'action="{where}"' in answer.text
    assert "# what I typed &amp; mean" in answer.text


def test_code_that_came_after_the_closing_is_told_so_once_and_is_still_there(
    cast: Cast, course: Course, student: Person
) -> None:
    closed = cast.assignment(course, closes_at=now() - timedelta(hours=1))
    answer = student.web.post(f"/assignments/{closed.id}/submissions", data={"code": TYPED})
    assert answer.status_code == 409
    assert answer.text.count("is closed") == 1
    assert "# what I typed &amp; mean" in answer.text
    assert "Hand in this code" not in answer.text


def test_another_students_work_and_unknown_ids_are_not_there(
    desk: Desk, student: Person, other_student: Person, assignment: Assignment
) -> None:
    made = desk.hand_in(student, assignment)
    for path in (
        f"/submissions/{made}",
        "/submissions/00000000-0000-0000-0000-000000000000",
        "/assignments/2147483647",
        "/assignments/99999999999999999999",
        "/courses/2147483647",
        "/no/such/page",
    ):
        answer = other_student.web.get(path)
        assert answer.status_code in (404, 422), path
        assert "<h1>" in answer.text
    assert other_student.web.get("/submissions/not-an-id").status_code in (404, 422)
