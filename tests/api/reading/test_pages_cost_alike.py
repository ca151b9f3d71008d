"""A late page of a long list costs what the first one does: the same queries, rows and all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.gradebook import log
from app.grading import listings
from app.identity.authentication import SCOPES, Actor
from app.infrastructure import database
from app.models import Assignment, Course
from app.teaching.people import members
from tests.support.cast import Person

NUMBER, PAGE = 2_000, 20
Statement = tuple[str, Any]
SEED = """
INSERT INTO users (email, name)
  SELECT 'long' || n || '-' || :course || '@cast.example', 'Student ' || n
  FROM generate_series(1, :number) n;
INSERT INTO enrolments (course_id, user_id, role)
  SELECT :course, id, 'student' FROM users WHERE email LIKE 'long%-' || :course || '@cast.example';
INSERT INTO sections (course_id, title) VALUES (:course, 'All');
INSERT INTO section_members (section_id, user_id)
  SELECT s.id, e.user_id FROM sections s JOIN enrolments e USING (course_id)
  WHERE s.course_id = :course;
INSERT INTO audit_entries (course_id, user_id, via, action)
  SELECT course_id, user_id, 'page', 'section' FROM enrolments WHERE course_id = :course;
INSERT INTO sources (sha256, content, size) VALUES ('long', 'x = 1', 5) ON CONFLICT DO NOTHING;
ALTER TABLE submissions DISABLE TRIGGER USER;
INSERT INTO submissions (id, assignment_id, user_id, submitted_by_id, attempt, filename, sha256,
    seed, submitted_at, status)
  SELECT gen_random_uuid(), :assignment, user_id, user_id, 1, 'mine.py', 'long', 'seed',
    now() - interval '1 day' + user_id * interval '1 second', 'failed'
  FROM enrolments WHERE course_id = :course AND role = 'student';
ALTER TABLE submissions ENABLE TRIGGER USER;
ALTER TABLE attempt_members DISABLE TRIGGER USER;
INSERT INTO attempt_members (submission_id, user_id, assignment_id)
  SELECT id, user_id, assignment_id FROM submissions WHERE assignment_id = :assignment;
ALTER TABLE attempt_members ENABLE TRIGGER USER;
"""


@pytest.fixture
def actor(db: Session, course: Course, assignment: Assignment, instructor: Person) -> Actor:
    """The instructor of a course with NUMBER students, submissions and entries in its log."""
    given = {"course": course.id, "assignment": assignment.id, "number": NUMBER}
    for statement in SEED.split(";\n")[:-1]:
        db.execute(text(statement), {n: v for n, v in given.items() if f":{n}" in statement})
    db.commit()
    with database.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    return Actor(instructor.user, frozenset(SCOPES))


@contextmanager
def watched(into: list[Statement]) -> Iterator[None]:
    """Note all statements."""

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        into.append((statement, given))

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)


def rows_read(session: Session, statement: Statement) -> int:
    """How many rows Postgres touches for a statement, those that it passes over among them.

    What it would read as a whole as long as it is so small it reads as if it were large.
    """
    asked, given = statement
    session.execute(text("SET LOCAL enable_seqscan = off"))
    explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}"
    (plan,) = session.connection().exec_driver_sql(explain, given).scalars()

    def of(node: dict[str, Any]) -> int:
        passed = node.get("Rows Removed by Filter", 0)
        own = (node["Actual Rows"] + passed) * node["Actual Loops"]
        return int(own) + sum(of(one) for one in node.get("Plans", ()))

    return of(plan[0]["Plan"])


def cost(read: Callable[[Session], list[Any]]) -> tuple[int, int, list[Any]]:
    """How many statements a page takes, how many rows they touch, and what is on it."""
    made: list[Statement] = []
    with database.session() as session:
        with watched(made):
            found = read(session)
        return len(made), sum(rows_read(session, one) for one in made), found


def is_alike(first: tuple[int, int, list[Any]], late: tuple[int, int, list[Any]]) -> None:
    assert len(first[2]) == len(late[2]) == PAGE
    assert late[0] == first[0]
    assert late[1] <= 2 * first[1]
    assert late[1] < NUMBER  # nothing is read as a whole


def test_lists_of_submissions_of_people_and_of_the_log(
    db: Session, actor: Actor, course: Course, assignment: Assignment
) -> None:
    rows = "SELECT submitted_at, id FROM submissions WHERE assignment_id = :sheet ORDER BY 1"
    order = db.execute(text(rows), {"sheet": assignment.id}).all()

    def submissions(after: listings.Place | None) -> Callable[[Session], list[Any]]:
        return lambda session: listings.of_assignment(
            session, actor, assignment.id, listings.Search(), after=after, limit=PAGE
        )

    is_alike(cost(submissions(None)), cost(submissions(tuple(order[PAGE * 2]))))

    numbers = "SELECT user_id FROM enrolments WHERE course_id = :course ORDER BY 1"
    people = list(db.scalars(text(numbers), {"course": course.id}))

    def persons(after: int | None) -> Callable[[Session], list[Any]]:
        return lambda session: members.of_course(
            session, actor, course.id, members.Search(), after=after, limit=PAGE
        )

    is_alike(cost(persons(None)), cost(persons(people[-PAGE * 2])))

    numbers = "SELECT id FROM audit_entries WHERE course_id = :course ORDER BY 1"
    entries = list(db.scalars(text(numbers), {"course": course.id}))

    def changes(before: int | None) -> Callable[[Session], list[Any]]:
        return lambda session: log.entries(
            session, actor, course.id, log.Search(), before=before, limit=PAGE
        )

    is_alike(cost(changes(None)), cost(changes(entries[PAGE * 2])))
