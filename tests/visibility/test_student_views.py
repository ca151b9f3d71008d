"""Whoever teaches looks at a course as a student does: read-only, and noted where it is one."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.models import Assignment, AuditEntry, Course, Role, Section, SectionMember, Submission
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import press
from tests.visibility.reports import exercise

BANNER = "nothing can be handed in or changed."


@pytest.fixture
def sheet(cast: Cast, course: Course) -> Assignment:
    """An assignment whose edge cases are hidden."""
    return cast.assignment(course, shown={"robustness": "never"}, points={"sum": 10.0})


@pytest.fixture
def work(db: Session, sheet: Assignment, student: Person) -> Submission:
    """The student's attempt, in which an edge case fails."""
    report = exercise("sum", {("robustness", "empty")})
    return attempt(db, sheet, student, 0.9, reports={"sum": report})


def student_view(person: Person, course: Course, **sent: object) -> int:
    return person.web.post(f"/courses/{course.id}/student-view", data=sent).status_code


def test_as_a_given_student_every_page_is_theirs_byte_by_byte_but_for_who_is_signed_in(
    work: Submission, student: Person, instructor: Person, course: Course
) -> None:
    assert student_view(instructor, course, student=student.user.id) == 303
    at = f"/assignments/{work.assignment_id}"
    pages = [f"/courses/{course.id}", at, f"{at}/attempts", f"{at}/grades/{student.user.id}"]
    for page in [*pages, f"/submissions/{work.id}"]:
        theirs, ours = student.web.get(page), instructor.web.get(page)
        assert (theirs.status_code, ours.status_code) == (200, 200)
        assert _main(ours.text) == _main(theirs.text)
        assert f"You look as <strong>Sam Student</strong> does; {BANNER}" in ours.text
        assert BANNER not in theirs.text


def _main(text: str) -> str:
    """What a page has, without the form's key, which is another each time."""
    parts = text[text.index("<main") :].split('name="key" value="')
    return parts[0] + "".join(part[32:] for part in parts[1:])


def test_nothing_can_be_handed_in_or_changed_in_it(
    db: Session, work: Submission, student: Person, instructor: Person, course: Course
) -> None:
    student_view(instructor, course, student=student.user.id)
    at = f"/assignments/{work.assignment_id}"
    file = {"file": ("a.py", b"x = 1")}
    sent = [
        instructor.web.post(f"{at}/submissions", files=file),
        instructor.web.post(f"{at}/trial", files=file),
        instructor.web.post(f"{at}/release"),
        instructor.web.post(f"{at}/edit", data={"title": "Mine"}),
        instructor.web.post(f"/submissions/{work.id}/choose"),
    ]
    assert [answer.status_code for answer in sent] == [403] * len(sent)
    assert "nothing can be handed in or changed so" in sent[0].text
    assert db.query(Submission).filter_by(assignment_id=work.assignment_id).count() == 1


def test_as_any_student_what_only_staff_see_is_not_there(
    instructor: Person, course: Course, sheet: Assignment
) -> None:
    page = f"/assignments/{sheet.id}"
    assert "How it stands" in instructor.web.get(page).text
    assert press(instructor.web, page, f"/courses/{course.id}/student-view").status_code == 303
    seen = instructor.web.get(page).text
    assert f"You look as a student does; {BANNER}" in seen
    assert "How it stands" not in seen
    assert "Edge cases: not shown." in seen
    assert instructor.web.get(f"/courses/{course.id}/gradebook").status_code == 403


def test_it_ends_by_one_button_on_the_same_page(
    instructor: Person, course: Course, sheet: Assignment
) -> None:
    page = f"/assignments/{sheet.id}"
    student_view(instructor, course)
    answer = press(instructor.web, page, "/student-view/end")
    assert answer.headers["location"] == page
    assert "How it stands" in instructor.web.get(page).text


def test_a_look_as_a_given_student_is_in_the_log_and_one_of_any_is_not(
    db: Session, instructor: Person, student: Person, course: Course
) -> None:
    student_view(instructor, course)
    press(instructor.web, f"/courses/{course.id}", "/student-view/end")
    student_view(instructor, course, student=student.user.id)
    (entry,) = (
        db.query(AuditEntry).filter_by(course_id=course.id, action="looked at as a student").all()
    )
    assert (entry.actor_id, entry.user_id) == (instructor.user.id, student.user.id)


def test_beyond_the_course_one_is_oneself(
    cast: Cast, instructor: Person, student: Person, course: Course
) -> None:
    other = cast.course("Another course of the student's")
    cast.person("Stan", other)
    student_view(instructor, course, student=student.user.id)
    assert instructor.web.get(f"/courses/{other.id}").status_code == 404
    account = instructor.web.get("/account").text
    assert instructor.email in account
    assert student.email not in account


def test_a_tutor_looks_as_the_students_of_their_sections_alone(
    db: Session, course: Course, tutor: Person, student: Person, other_student: Person
) -> None:
    made = Section(course_id=course.id, title="Monday")
    db.add(made)
    db.flush()
    db.add_all(SectionMember(section_id=made.id, user_id=one.user.id) for one in (tutor, student))
    db.commit()
    assert student_view(tutor, course, student=other_student.user.id) == 403
    assert student_view(tutor, course, student=student.user.id) == 303


def test_no_student_and_no_stranger_has_it_and_nobody_looks_as_staff(
    cast: Cast, course: Course, student: Person, outsider: Person, instructor: Person
) -> None:
    mate = cast.person("Amir", course, Role.ASSISTANT)
    assert student_view(student, course) == 403
    assert student_view(outsider, course) == 404
    assert student_view(instructor, course, student=mate.user.id) == 404
    assert student_view(instructor, course, student=outsider.user.id) == 404


def test_it_is_over_with_the_role(
    db: Session, work: Submission, student: Person, assistant: Person, course: Course
) -> None:
    from app.models import Enrolment

    student_view(assistant, course, student=student.user.id)
    assert assistant.web.get(f"/submissions/{work.id}").status_code == 200
    db.get_one(Enrolment, (course.id, assistant.user.id)).active = False
    db.commit()
    assert assistant.web.get(f"/submissions/{work.id}").status_code == 404


def test_it_goes_to_no_other_place_than_a_course(instructor: Person, course: Course) -> None:
    for to in ("https://evil.example/", "//evil.example", "/sign-out", "/courses/1?x=/../"):
        answer = instructor.web.post("/student-view/end", data={"to": to})
        assert answer.headers["location"] == "/"
