"""A course has sections; a tutor sees the students of theirs, and nothing of anybody else's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest
from sqlalchemy.orm import Session

from app.gradebook import grades
from app.infrastructure.clock import now
from app.models import Assignment, Course, Role, Submission
from tests.api.table_of_roles import TABLE as ROUTES
from tests.pages.table_of_roles import TABLE as PAGES
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.forms import filled, press

DAY = timedelta(days=1)
KEYS = ("submission_id", "export_id", "webhook_id", "no_id")


@dataclass(frozen=True)
class Halls:
    """A course in two sections: Timo tutors Monday, with Mona in it; Tilda is in Tuesday."""

    course: Course
    sheet: Assignment
    teacher: Person
    timo: Person
    mona: Person
    tilda: Person
    work: dict[str, Submission]

    @property
    def people(self) -> str:
        return f"/courses/{self.course.id}/people"

    def put(self, person: Person, titles: str) -> httpx.Response:
        action = f"{self.people}/{person.user.id}/sections"
        return press(self.teacher.web, self.people, action, titles=titles)


@pytest.fixture
def halls(db: Session, cast: Cast, course: Course) -> Halls:
    sheet = cast.assignment(course, due_at=now() - DAY, late_amount=10.0)
    teacher = cast.person("Ines Instructor", course, Role.INSTRUCTOR)
    timo = cast.person("Timo Tutor", course, Role.TUTOR)
    mona, tilda = (cast.person(name, course) for name in ("Mona Monday", "Tilda Tuesday"))
    work = {"mona": attempt(db, sheet, mona, 0.5), "tilda": attempt(db, sheet, tilda, 0.5)}
    made = Halls(course, sheet, teacher, timo, mona, tilda, work)
    for title in ("Monday", "Tuesday"):
        added = teacher.web.post(f"/courses/{course.id}/sections", data={"title": title})
        assert added.status_code == 303
    for person, titles in ((timo, "Monday"), (mona, "monday"), (tilda, "Tuesday")):
        assert made.put(person, titles).status_code == 303
    return made


def test_a_tutor_sees_the_gradebook_of_their_section_and_the_teacher_all_or_one(
    halls: Halls,
) -> None:
    book = f"/courses/{halls.course.id}/gradebook"
    seen = halls.timo.web.get(book).text
    assert "Mona Monday" in seen
    assert "Tilda Tuesday" not in seen
    whole = halls.teacher.web.get(book).text
    assert "Tilda Tuesday" in whole
    (number,) = re.findall(r'<option value="([0-9]+)" >Tuesday<', whole)
    tuesday = halls.teacher.web.get(f"{book}?section={number}").text
    assert "1 student of 2." in tuesday
    rows = halls.teacher.api.get(book, params={"section": number}).json()["students"]
    assert [row["student"]["name"] for row in rows] == ["Tilda Tuesday"]


def test_a_tutor_changes_grades_of_their_students_and_gives_them_time(
    db: Session, halls: Halls
) -> None:
    for student, status in ((halls.mona, 303), (halls.tilda, 403)):
        here = f"/assignments/{halls.sheet.id}/grades/{student.user.id}"
        data = {"score": "60", "reason": "So it is.", "seen": ""}
        if status == 303:
            data |= {"seen": filled(halls.timo.web, here, here)["seen"]}
        assert halls.timo.web.post(here, data=data).status_code == status
        tomorrow = (now() + DAY).isoformat()
        given = halls.timo.api.post(
            f"/assignments/{halls.sheet.id}/extensions",
            json={"student": student.user.id, "due_at": tomorrow, "reason": "Ill."},
        )
        assert given.status_code == (201 if status == 303 else 403)
        said = halls.timo.web.post(f"{here}/comments", data={"text": "Well done."})
        assert said.status_code == status
    whole = {"section": 1, "attempts": 1, "reason": "All."}
    refused = halls.timo.api.post(f"/assignments/{halls.sheet.id}/extensions", json=whole)
    assert refused.status_code == 403


def section_of(halls: Halls, person: Person) -> int:
    listed = halls.teacher.api.get(f"/courses/{halls.course.id}/sections").json()
    return next(one["id"] for one in listed if person.user.id in one["people"])


def test_no_page_or_route_shows_a_tutor_anything_of_a_student_of_another_section(
    halls: Halls,
) -> None:
    """Each address of both tables, asked about Tilda, who has an appeal and more."""
    theirs = f"/assignments/{halls.sheet.id}/grades/{halls.tilda.user.id}"
    given = {"student": halls.tilda.user.id, "attempts": 0, "reason": "Tilda was ill."}
    given["due_at"] = (now() + DAY).isoformat()
    extensions = f"/assignments/{halls.sheet.id}/extensions"
    assert halls.teacher.api.post(extensions, json=given).status_code == 201
    asks = {"exercise": "sum", "text": "Tilda asks."}
    assert halls.tilda.api.post(f"{theirs}/appeals", json=asks).status_code == 201
    said = halls.teacher.api.post(f"{theirs}/comments", json={"text": "Well done, Tilda."})
    assert said.status_code == 201
    preview = halls.teacher.api.post(f"/assignments/{halls.sheet.id}/regrades", json={})
    asked = 0
    for table, client in ((PAGES, halls.timo.web), (ROUTES, halls.timo.api)):
        for method, template in table:
            if method != "GET" or template.endswith("/events"):
                continue
            path = template.removeprefix("/api/v1").format(
                course_id=halls.course.id,
                assignment_id=halls.sheet.id,
                student_id=halls.tilda.user.id,
                user_id=halls.tilda.user.id,
                stranger_id=halls.tilda.user.id,
                regrade_id=preview.json()["id"],
                section_id=section_of(halls, halls.tilda),
                account_id=2**31 - 1,
                **dict.fromkeys(KEYS, halls.work["tilda"].id),
                nothing=2**31 - 1,
            )
            answer = client.get(path)
            assert answer.status_code < 500, path
            for secret in ("Tilda", halls.tilda.email, str(halls.work["tilda"].id)):
                if secret not in path:
                    assert secret not in answer.text, f"{path} shows {secret}"
            asked += 1
    assert asked > 60


@pytest.mark.parametrize("page", ["log", "analytics", "exports", "people"])
def test_what_is_about_the_whole_class_is_not_a_tutors_nor_linked(halls: Halls, page: str) -> None:
    here = f"/courses/{halls.course.id}"
    assert halls.timo.web.get(f"{here}/{page}").status_code == 403
    assert f'href="{here}/{page}"' not in halls.timo.web.get(here).text


def test_what_leads_a_tutor_through_their_students_leads_nowhere_else(halls: Halls) -> None:
    here = f"/assignments/{halls.sheet.id}/grades/{halls.mona.user.id}"
    shown = halls.timo.web.get(here).text
    assert "1 of 1" in shown
    assert "Tilda" not in shown
    for link in set(re.findall(r'href="(/(?!static)[^"#]*)', shown)):
        assert halls.timo.web.get(link.replace("&amp;", "&")).status_code == 200, link


def test_a_tutor_of_no_section_sees_nobody(halls: Halls) -> None:
    halls.put(halls.timo, "")
    seen = halls.timo.web.get(f"/courses/{halls.course.id}/gradebook").text
    assert "Mona" not in seen
    own = halls.timo.web.get(f"/submissions/{halls.work['mona'].id}")
    assert own.status_code == 404


def test_a_section_has_an_extension_that_follows_who_comes_and_goes(
    db: Session, halls: Halls
) -> None:
    def score(person: Person) -> float | None:
        db.rollback()
        return grades.of_person(db, halls.course.id, person.user.id)[halls.sheet.id].score

    here = f"/assignments/{halls.sheet.id}/extensions"
    page = halls.teacher.web.get(here).text
    (number,) = re.findall(r'<option value="section-([0-9]+)" >all of Tuesday<', page)
    tomorrow = f"{now() + DAY:%Y-%m-%dT%H:%M}"
    more = {"many": f"section-{number}", "due_at": tomorrow, "reason": "The room was closed."}
    assert press(halls.teacher.web, here, here, **more).status_code == 303
    assert (score(halls.mona), score(halls.tilda)) == (28, 35)
    told = halls.tilda.web.get(f"/assignments/{halls.sheet.id}/grades/{halls.tilda.user.id}").text
    assert "Extension of Tuesday" in told

    halls.put(halls.mona, "Monday, Tuesday")
    halls.put(halls.tilda, "")
    assert (score(halls.mona), score(halls.tilda)) == (35, 28)
    kept = halls.teacher.web.post(f"/sections/{number}", data={"remove": "yes"})
    assert kept.status_code == 409
    assert "take them back first" in kept.text
    (back,) = re.findall(r'"(/extensions/[0-9]+/take-back)"', halls.teacher.web.get(here).text)
    assert halls.teacher.web.post(back).status_code == 303
    assert score(halls.mona) == 28
    gone = halls.teacher.web.post(f"/sections/{number}", data={"remove": "yes"})
    assert gone.status_code == 303


def test_a_roster_puts_people_into_sections_and_makes_those_that_are_new(
    db: Session, halls: Halls
) -> None:
    lines = f"{halls.mona.email},Tuesday; Friday\nnew.one@cast.example,Friday\n"
    upload = f"{halls.people}/import"
    shown = halls.teacher.web.post(upload, data={"text": f"email,section\n{lines}"})
    assert "in Tuesday, Friday" in shown.text
    assert "Friday" not in halls.teacher.web.get(halls.people).text  # nothing is done yet
    (seen,) = re.findall(r'name="seen" value="([0-9a-f]+)">\s*<textarea', shown.text)
    sent = {"text": f"email,section\n{lines}", "confirmed": "yes", "seen": seen}
    assert halls.teacher.web.post(upload, data=sent).status_code == 200
    listed = halls.teacher.api.get(f"/courses/{halls.course.id}/sections").json()
    sizes = {one["title"]: len(one["people"]) for one in listed}
    assert sizes == {"Friday": 2, "Monday": 1, "Tuesday": 2}
    again = halls.teacher.web.post(upload, data={"text": f"email\n{halls.mona.email}\n"})
    assert again.status_code == 200


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("monday", "There is a section monday already."),
        (" ", "needs a title"),
        ("A, B", "no comma, semicolon or bar"),
        ("x" * 201, "200 is the most"),
    ],
)
def test_a_title_that_cannot_be_is_told_and_kept(halls: Halls, title: str, said: str) -> None:
    refused = halls.teacher.web.post(f"/courses/{halls.course.id}/sections", data={"title": title})
    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{title}"' in refused.text


def test_a_section_that_is_not_there_and_a_change_meanwhile_are_told(halls: Halls) -> None:
    refused = halls.put(halls.mona, "Sunday")
    assert refused.status_code == 422
    assert "The course has no section &#39;Sunday&#39;" in refused.text
    assert 'value="Sunday"' in refused.text
    action = f"{halls.people}/{halls.mona.user.id}/sections"
    old = filled(halls.teacher.web, halls.people, action) | {"titles": "Tuesday"}
    halls.put(halls.mona, "")
    refused = halls.teacher.web.post(action, data=old)
    assert refused.status_code == 409
    assert "By now: none." in refused.text


def test_a_section_of_another_course_is_not_there(halls: Halls, outsider: Person) -> None:
    (monday, _) = halls.teacher.api.get(f"/courses/{halls.course.id}/sections").json()
    for answer in (
        outsider.web.post(f"/sections/{monday['id']}", data={"title": "Mine"}),
        outsider.api.patch(f"/sections/{monday['id']}", json={"title": "Mine"}),
        outsider.api.delete(f"/sections/{monday['id']}"),
    ):
        assert answer.status_code == 404
    assert "Monday" not in outsider.web.post(f"/sections/{monday['id']}", data={"title": " "}).text
