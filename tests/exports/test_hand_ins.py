"""All hand-ins leave a course as a zip with a manifest, of which little is ever in memory."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy.orm import Session

from app.exports.archives import Member, archive
from app.models import Assignment, Course, User
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person


def opened(answer: httpx.Response) -> tuple[ZipFile, list[dict[str, str]]]:
    """The archive, and the lines of its manifest."""
    assert answer.status_code == 200, answer.text
    zipped = ZipFile(io.BytesIO(answer.content))
    assert zipped.testzip() is None
    text = zipped.read("manifest.csv").decode("utf-8-sig")
    return zipped, list(csv.DictReader(io.StringIO(text)))


def test_each_attempt_is_in_it_with_a_line_that_says_what_it_is(
    db: Session, student: Person, other_student: Person, instructor: Person, assignment: Assignment
) -> None:
    for person, share, source in (
        (student, 0.5, b"a = 1\n"),
        (student, 0.2, b"b = 2\n"),
        (other_student, None, b"\xff\x00not text"),
    ):
        attempt(db, assignment, person, share, source=source)
    zipped, lines = opened(instructor.web.get(f"/courses/{assignment.course_id}/hand-ins.zip"))
    assert len(zipped.namelist()) == 1 + len(lines) == 4
    for line in lines:
        assert hashlib.sha256(zipped.read(line["Path"])).hexdigest() == line["SHA-256"]
    seen = [(line["Email"], line["Attempt"], line["Score"], line["Counts"]) for line in lines]
    assert seen == [
        (student.email, "1", "35", "yes"),
        (student.email, "2", "14", ""),
        (other_student.email, "1", "", ""),
    ]


def test_only_what_counts_and_only_one_assignment_can_be_asked_for(
    db: Session, student: Person, instructor: Person, course: Course, cast: Cast
) -> None:
    first, second = cast.assignment(course), cast.assignment(course, title="Second")
    for sheet in (first, second):
        attempt(db, sheet, student, 0.5)
        attempt(db, sheet, student, 0.2)
    at = f"/courses/{course.id}/hand-ins.zip"
    _, lines = opened(instructor.web.get(at, params={"counting": "true"}))
    assert [line["Attempt"] for line in lines] == ["1", "1"]
    _, lines = opened(instructor.web.get(at, params={"assignment": second.id}))
    assert {line["Assignment"] for line in lines} == {"Second"}
    by_api = instructor.api.get(
        f"/courses/{course.id}/hand-ins", params={"assignment": second.id, "counting": True}
    )
    assert len(opened(by_api)[1]) == 1


def test_an_assignment_of_another_course_gives_nothing_away(
    db: Session, instructor: Person, course: Course, cast: Cast
) -> None:
    other = cast.course("Other")
    sheet = cast.assignment(other)
    attempt(db, sheet, cast.person("Somebody", other), 0.5)
    at = f"/courses/{course.id}/hand-ins.zip"
    assert opened(instructor.web.get(at, params={"assignment": sheet.id}))[1] == []


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x", "=cmd|'x'!A1", "名前", "a/b\nc", "CON"]
)
def test_no_name_leads_out_of_the_archive_or_runs_in_a_spreadsheet(
    name: str, db: Session, student: Person, instructor: Person, assignment: Assignment
) -> None:
    db.get_one(User, student.user.id).name = name
    db.commit()
    attempt(db, assignment, student, 0.5)
    _, (line,) = opened(instructor.web.get(f"/courses/{assignment.course_id}/hand-ins.zip"))
    folder, person, file = line["Path"].split("/")
    assert folder == f"assignment-{assignment.id}"
    assert person.endswith(f"-{student.user.id}")
    assert file == "attempt-001.py"
    assert not set(line["Path"]) - set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/."
    )
    assert not line["Student"].startswith("=")


def test_an_archive_is_made_as_it_is_read_and_keeps_nothing() -> None:
    begun = []

    def members() -> Iterator[Member]:
        for number in range(50):
            begun.append(number)
            yield Member(f"{number}.py", [bytes([number]) * 10_000], datetime.now(UTC))

    made = archive(members())
    first = next(made)
    assert len(begun) == 1
    whole = first + b"".join(made)
    assert len(ZipFile(io.BytesIO(whole)).namelist()) == 50


def test_a_course_without_hand_ins_gives_a_manifest_without_lines(
    instructor: Person, course: Course
) -> None:
    assert opened(instructor.web.get(f"/courses/{course.id}/hand-ins.zip"))[1] == []
