"""What one member hands in counts for each who is in the team then, and stays so."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.gradebook import book
from app.identity.authentication import Actor
from app.models import Assignment, AttemptMember, Course, StoredGrade, Submission, TeamMember
from app.teaching import courses
from app.teaching.teams import placing
from tests.gradebook.test_the_table import questions
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.waiting import wait_for
from tests.teams.conftest import Together

FILE = {"file": ("mine.py", b"x = 1\n")}


def grade(db: Session, sheet: Assignment, person: Person) -> StoredGrade:
    return db.get_one(StoredGrade, (sheet.id, person.user.id), populate_existing=True)


def put(db: Session, staff: Person, sheet: Assignment, person: Person, title: str) -> None:
    placing.put(db, Actor(staff.user), sheet.id, person.user.id, title)
    db.commit()


def test_one_hand_in_is_graded_once_and_counts_for_each(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    together(sheet, student, other_student)
    sent = student.api.post(f"/assignments/{sheet.id}/submissions", files=FILE).json()
    assert sent["id"]
    wait_for(lambda: grade(db, sheet, other_student).score is not None, "the grade of both")
    assert grade(db, sheet, student).submission_id == grade(db, sheet, other_student).submission_id
    assert (
        len(db.scalars(select(Submission).where(Submission.assignment_id == sheet.id)).all()) == 1
    )
    for person in (student, other_student):
        (listed,) = person.api.get(f"/assignments/{sheet.id}/submissions").json()
        names = {one["name"] for one in listed["team"]["members"]}
        assert names == {student.user.name, other_student.user.name}
        page = person.web.get(f"/submissions/{listed['id']}").text
        assert f"Handed in by {student.user.name} for Red" in page
        receipt = person.web.get(f"/submissions/{listed['id']}/receipt").text
        assert student.user.name in receipt
        assert other_student.user.name in receipt
    (listed,) = assistant.api.get(
        f"/assignments/{sheet.id}/submissions", params={"student": other_student.email}
    ).json()
    assert listed["id"] == str(grade(db, sheet, student).submission_id)


def test_every_way_to_an_attempt_is_open_to_each_member_and_to_nobody_else(
    db: Session,
    cast: Cast,
    course: Course,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    together(sheet, student, other_student)
    made = attempt(db, sheet, student, 0.5)
    third = cast.person("Mei Tanaka", course)
    pages = ("", "/panel", "/events", "/source.py", "/receipt", "/receipt.txt", "/result-sheet.txt")
    ways = [("web", f"/submissions/{made.id}{part}") for part in pages]
    ways += [
        ("api", f"/submissions/{made.id}{part}")
        for part in ("", "/events", "/receipt", "/result-sheet")
    ]
    for person, status in ((student, 200), (other_student, 200), (third, 404)):
        for how, path in ways:
            with getattr(person, how).stream("GET", path) as answer:
                assert answer.status_code == status, f"{person.user.name} at {how} {path}"
    signed = other_student.web.get(f"/submissions/{made.id}/result-sheet.txt").text
    checked = other_student.web.post("/receipts", data={"text": signed}).text
    assert "is genuine" in checked
    assert other_student.email in checked
    assert student.email not in checked


def test_each_member_chooses_for_themselves(
    db: Session,
    cast: Cast,
    course: Course,
    together: Together,
    student: Person,
    other_student: Person,
) -> None:
    sheet = cast.assignment(course, team_size=2, counts="chosen")
    together(sheet, student, other_student)
    best, last = attempt(db, sheet, student, 1.0), attempt(db, sheet, other_student, 0.2)
    assert student.api.post(f"/submissions/{last.id}/choose").status_code == 200
    assert grade(db, sheet, student).submission_id == last.id
    assert grade(db, sheet, other_student).submission_id == best.id


def test_nobody_else_sees_it_not_even_who_joins_later(
    db: Session,
    cast: Cast,
    course: Course,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    third = cast.person("Mei Tanaka", course)
    together(sheet, student, other_student)
    made = attempt(db, sheet, student, 0.5)
    put(db, instructor, sheet, third, "Red")
    assert third.web.get(f"/submissions/{made.id}").status_code == 404
    assert third.api.get(f"/submissions/{made.id}").status_code == 404
    assert third.api.get(f"/submissions/{made.id}/receipt").status_code == 404
    assert third.api.get(f"/assignments/{sheet.id}/submissions").json() == []
    assert db.get(StoredGrade, (sheet.id, third.user.id)) is None
    later = attempt(db, sheet, third, 0.8)
    assert {one.id for one in later.members} == {
        student.user.id,
        other_student.user.id,
        third.user.id,
    }


def test_a_change_of_the_team_midway_keeps_what_was(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    together(sheet, student, other_student)
    shared = attempt(db, sheet, student, 0.5)
    put(db, instructor, sheet, other_student, "")
    alone = attempt(db, sheet, student, 1.0)
    assert grade(db, sheet, student).submission_id == alone.id
    assert grade(db, sheet, other_student).submission_id == shared.id
    assert other_student.web.get(f"/submissions/{shared.id}").status_code == 200
    assert other_student.web.get(f"/submissions/{alone.id}").status_code == 404
    own = attempt(db, sheet, other_student, 0.7)
    assert [alone.attempt, own.attempt] == [2, 2]
    assert grade(db, sheet, other_student).attempts == 2
    assert grade(db, sheet, other_student).since_best == 0


def test_who_has_left_the_course_gets_no_new_work_and_keeps_the_old(
    db: Session,
    course: Course,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    instructor: Person,
) -> None:
    together(sheet, student, other_student)
    before = attempt(db, sheet, student, 0.5)
    courses.leave(db, course.id, other_student.user.id)
    db.commit()
    after = attempt(db, sheet, student, 1.0)
    assert [one.id for one in after.members] == [student.user.id]
    assert grade(db, sheet, other_student).submission_id == before.id
    assert other_student.web.get(f"/submissions/{before.id}").status_code == 200
    assert "no longer in the course" in instructor.web.get(f"/assignments/{sheet.id}/teams").text


def test_two_members_who_hand_in_at_once_make_two_attempts_with_two_numbers(
    db: Session, sheet: Assignment, together: Together, student: Person, other_student: Person
) -> None:
    together(sheet, student, other_student)
    path, answers = f"/assignments/{sheet.id}/submissions", []
    clients = [student.api, other_student.api]
    threads = [
        threading.Thread(target=lambda one=one: answers.append(one.post(path, files=FILE)))
        for one in clients
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.status_code for one in answers] == [202, 202]
    assert {one["attempt"] for one in student.api.get(path).json()} == {1, 2}
    wait_for(lambda: grade(db, sheet, student).attempts == 2, "both attempts")


def test_nobody_is_in_two_teams_of_one_assignment_whatever_the_program_does(
    db: Session, sheet: Assignment, together: Together, student: Person, other_student: Person
) -> None:
    together(sheet, student)
    blue = together(sheet, other_student, title="Blue")
    db.add(TeamMember(assignment_id=sheet.id, user_id=student.user.id, team_id=blue.id))
    with pytest.raises(IntegrityError):
        db.flush()


def test_a_team_is_of_its_own_assignment_whatever_the_program_does(
    db: Session,
    cast: Cast,
    course: Course,
    sheet: Assignment,
    together: Together,
    student: Person,
) -> None:
    red, other = together(sheet, student), cast.assignment(course)
    db.add(TeamMember(assignment_id=other.id, user_id=student.user.id, team_id=red.id))
    with pytest.raises(IntegrityError):
        db.flush()


def test_comments_and_appeals_about_shared_work_are_there_for_each_member(
    db: Session,
    sheet: Assignment,
    together: Together,
    student: Person,
    other_student: Person,
    assistant: Person,
) -> None:
    together(sheet, student, other_student)
    made = attempt(db, sheet, student, 0.5)
    grade_of = f"/assignments/{sheet.id}/grades"
    said = {"text": "Draw the graph first.", "submission_id": str(made.id), "line": 1}
    answer = assistant.api.post(f"{grade_of}/{student.user.id}/comments", json=said)
    assert answer.status_code == 201
    for person in (student, other_student):
        assert "Draw the graph first." in person.web.get(f"/submissions/{made.id}").text
        own = person.web.get(f"{grade_of}/{person.user.id}").text
        assert "Draw the graph first." in own
    asked = {"exercise": "sum", "text": "Is it not right?"}
    appeal = student.api.post(f"{grade_of}/{student.user.id}/appeals", json=asked).json()
    assert "Is it not right?" in other_student.web.get(f"{grade_of}/{other_student.user.id}").text
    solved = {"text": "It is.", "points": 10}
    etag = assistant.api.get(f"{grade_of}/{student.user.id}").headers["etag"]
    done = assistant.api.post(
        f"/appeals/{appeal['id']}/answer", json=solved, headers={"If-Match": etag}
    )
    assert done.status_code == 200, done.text
    assert grade(db, sheet, student).given_by_exercise == {"sum": 10.0}
    assert grade(db, sheet, other_student).given_by_exercise == {"sum": 10.0}


def test_a_gradebook_with_teams_asks_as_much_for_many_as_for_few(
    db: Session,
    cast: Cast,
    course: Course,
    sheet: Assignment,
    together: Together,
    instructor: Person,
) -> None:
    def asked() -> int:
        db.expire_all()
        with questions() as found:
            book.of_course(db, Actor(instructor.user), course.id)
        return len(found)

    for number in range(2):
        pair = [cast.person(f"Student {number} {one}", course) for one in range(2)]
        together(sheet, *pair, title=f"Team {number}")
        attempt(db, sheet, pair[0], 0.5)
    few = asked()
    for number in range(2, 6):
        pair = [cast.person(f"Student {number} {one}", course) for one in range(2)]
        together(sheet, *pair, title=f"Team {number}")
        attempt(db, sheet, pair[0], 0.5)
    assert asked() == few
    rows = select(AttemptMember).where(AttemptMember.assignment_id == sheet.id)
    assert len(db.scalars(rows).all()) == 12
