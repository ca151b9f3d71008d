"""Equal files are stored once, and nobody keeps more than a quota in a course; staff see it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.grading import stored_files, trials
from app.infrastructure.clock import now
from app.models import Assignment, Course, Kind, Source, Submission
from tests.pages.conftest import Desk
from tests.support.cast import Cast, Person
from tests.support.processes.server import Server, served
from tests.support.processes.stack import Stack

KB = 1024


def file(letter: str, size: int = 40 * KB) -> bytes:
    return f"# {letter}\n".encode().ljust(size, b"#")


@pytest.fixture(scope="module")
def server(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a small quota, of which those in a test, being new, have used nothing."""
    with served(tmp_path_factory.mktemp("web"), CHAINRULE_QUOTA_BYTES=str(100 * KB)) as running:
        yield running


def hand_in(
    server: Server, person: Person, assignment: Assignment, content: bytes, **fields: str
) -> httpx.Response:
    token = person.token("submissions:write", "submissions:behalf")
    with server.api(token) as api:
        return api.post(
            f"/assignments/{assignment.id}/submissions",
            files={"file": ("a.py", content)},
            data=fields,
        )


def test_one_byte_too_many_is_refused_in_words_and_an_equal_file_is_not(
    server: Server, cast: Cast, course: Course, student: Person, assignment: Assignment
) -> None:
    other = cast.assignment(course)
    assert hand_in(server, student, assignment, file("a")).status_code == 202
    assert hand_in(server, student, other, file("b")).status_code == 202
    refused = hand_in(server, student, assignment, file("c"))
    assert refused.status_code == 409
    assert "there is room for 0.1 MB" in refused.json()["detail"]
    assert hand_in(server, student, assignment, file("b")).status_code == 202
    assert hand_in(server, student, assignment, file("d", 20 * KB)).status_code == 202
    with httpx.Client(
        base_url=server.url, cookies=student.cookie, trust_env=False, verify=False
    ) as web:
        for door in ("submissions", "trial"):
            sent = web.post(
                f"/assignments/{assignment.id}/{door}", files={"file": ("a.py", file("e"))}
            )
            assert sent.status_code == 409
            assert "If you need more room, ask your instructor" in sent.text


def test_another_course_and_another_person_have_room_of_their_own(
    server: Server, cast: Cast, student: Person, other_student: Person, assignment: Assignment
) -> None:
    from app.infrastructure import database
    from app.models import Role
    from app.teaching import courses

    elsewhere = cast.course()
    with database.session() as session:
        courses.enrol(session, elsewhere, session.merge(student.user), Role.STUDENT)
        session.commit()
    assert hand_in(server, student, assignment, file("a", 90 * KB)).status_code == 202
    there = hand_in(server, student, cast.assignment(elsewhere), file("b", 90 * KB))
    assert there.status_code == 202
    assert hand_in(server, other_student, assignment, file("c", 90 * KB)).status_code == 202
    assert hand_in(server, student, assignment, file("d", 90 * KB)).status_code == 409


def test_staff_may_hand_in_for_somebody_who_has_no_room_left(
    server: Server, instructor: Person, student: Person, assignment: Assignment
) -> None:
    assert hand_in(server, student, assignment, file("a", 90 * KB)).status_code == 202
    more = hand_in(server, instructor, assignment, file("b", 90 * KB), student=student.email)
    assert more.status_code == 202


def test_equal_files_are_one(
    db: Session, desk: Desk, student: Person, other_student: Person, assignment: Assignment
) -> None:
    content = file(f"only in {assignment.id}")
    made = [desk.hand_in(one, assignment, content) for one in (student, other_student, student)]
    digests = {desk.look(one).sha256 for one in made}
    assert len(digests) == 1
    stored = select(func.count()).select_from(Source).where(Source.sha256.in_(digests))
    assert db.scalar(stored) == 1
    assert {desk.look(one).source for one in made} == {content}


def test_staff_see_how_much_everybody_keeps(
    desk: Desk, student: Person, instructor: Person, assistant: Person, assignment: Assignment
) -> None:
    for letter in "ab":
        desk.hand_in(student, assignment, file(letter, 200 * KB))
    people = instructor.web.get(f"/courses/{assignment.course_id}/people")
    assert "0.4 MB" in people.text
    attempts = f"/assignments/{assignment.id}/attempts?student={student.user.id}"
    assert "0.4 of 20 MB" in assistant.web.get(attempts).text


def test_a_file_goes_with_the_last_trial_that_had_it(
    db: Session, student: Person, other_student: Person, assignment: Assignment
) -> None:
    only, shared = file(f"trial {assignment.id}"), file(f"both {assignment.id}")
    for content in (only, shared):
        student.web.post(f"/assignments/{assignment.id}/trial", files={"file": ("a.py", content)})
    other_student.web.post(
        f"/assignments/{assignment.id}/submissions", files={"file": ("a.py", shared)}
    )
    old = now() - 2 * trials.KEPT
    mine = Submission.user_id == student.user.id
    digests = set(db.scalars(select(Submission.sha256).where(mine)))
    assert len(digests) == 2
    db.execute(
        update(Submission).where(mine, Submission.kind == Kind.TRIAL).values(submitted_at=old)
    )
    db.execute(update(Source).where(Source.sha256.in_(digests)).values(stored_at=old))
    db.commit()
    trials.forget(db)
    db.commit()
    stored_files.forget(db)  # a worker's own sweep may have come between
    db.commit()
    left = list(db.scalars(select(Source.content).where(Source.sha256.in_(digests))))
    assert left == [shared]
