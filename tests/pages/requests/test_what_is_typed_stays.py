"""Whichever field of a form is refused, all others stand on the page as they were sent."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from app.models import Assignment, Course
from tests.support.attempts import attempt
from tests.support.cast import Person
from tests.support.forms import Forms

PAGES = (
    "/account",
    "/courses/new",
    "/accounts",
    "/courses/{course_id}/people",
    "/courses/{course_id}/settings",
    "/courses/{course_id}/copy",
    "/courses/{course_id}/assignments/new",
    "/courses/{course_id}/groups",
    "/courses/{course_id}/late-days",
    "/courses/{course_id}/webhooks",
    "/assignments/{assignment_id}/edit",
    "/assignments/{assignment_id}/copy",
    "/assignments/{assignment_id}/grades/{student_id}",
)
LONG = "x" * 3000
"""Too long for a line, and no number, no address, no time."""
NOT_TYPED = ("seen", "version", "key", "password", "current")


def sent(page: Forms, place: int) -> dict[str, str]:
    """A form with something in every text, and everything ticked or chosen that was not."""
    fields = {name: value or "1" for name, value in page.found[place][2].items()}
    for name, choices in page.choices[place].items():
        others = [one for one in choices if one not in ("", fields.get(name))]
        fields |= {name: others[-1]} if others else {}
    return fields


def refusals(person: Person, address: str) -> Iterator[tuple[str, str, set[str]]]:
    """Where a form of a page is sent, the field that it is refused for, and those that are lost."""
    page = Forms(address, person.web.get(address).text)
    for place, (method, action, known) in enumerate(page.found):
        fields = sent(page, place)
        for wrong in known.keys() - {*NOT_TYPED} if method == "POST" else ():
            answer = person.web.post(action, data=fields | {wrong: LONG})
            shown = [one for how, to, one in Forms(action, answer.text).found if to == action]
            if answer.status_code == 422 and shown:
                names = fields.keys() - {wrong, *NOT_TYPED}
                yield action, wrong, {one for one in names if shown[-1].get(one) != fields[one]}


def test_of_a_form_that_is_refused_nothing_else_is_lost(
    db: Session,
    course: Course,
    assignment: Assignment,
    student: Person,
    instructor: Person,
    admin: Person,
) -> None:
    attempt(db, assignment, student, 0.5)
    places = {"course_id": course.id, "assignment_id": assignment.id, "student_id": student.user.id}
    for page in PAGES:
        person = admin if page in ("/courses/new", "/accounts") else instructor
        found = [*refusals(person, page.format(**places))]
        assert found, f"{page} refuses nothing"
        assert [each for each in found if each[2]] == []
