"""Owns the pages about courses as a whole, in every state that they can have."""

from __future__ import annotations

import re

import httpx

from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Course, Role
from app.teaching import courses
from tests.pages.conftest import MIXED
from tests.support.cast import Cast, Person
from tests.support.links import links_in
from tests.support.programs import ALL, Program
from tests.support.waiting import wait_for

LONG = "Maximiliane-Theodora von und zu Schwarzenberg-Hohenlohe-Waldenburg"
Pages = dict[str, tuple[Person | None, str]]
"""Who looks, and where, by the name of a state."""


def _archived(cast: Cast, person: Person) -> int:
    """A course that is archived, in which somebody teaches."""
    course = cast.course("Deep learning, last year")
    with database.session() as session:
        courses.enrol(session, course, person.user, Role.INSTRUCTOR)
        session.get_one(Course, course.id).archived_at = now()
        session.commit()
    return course.id


def tried_by_a_visitor(person: Person) -> str:
    """The address of a visitor's result."""
    with httpx.Client(base_url=person.web.base_url, timeout=30, trust_env=False) as visitor:
        address = visitor.post("/try", files={"file": (f"{LONG}.py", MIXED)}).headers["location"]
        wait_for(lambda: 'data-settled="yes"' in visitor.get(address).text, "a visitor's verdict")
    return address


def _invited(person: Person, course: str) -> str:
    """The address of a link, of one of three who have none, one, and one that is withdrawn."""
    people = f"{course}/people"
    for number, name in enumerate((LONG, "Bo Berg", "Cem Can")):
        email = f"{'of-those-invited-' * 3}{number}@{course.strip('/').replace('/', '-')}.example"
        person.web.post(people, data={"email": email, "name": name, "role": "student"})
    listed = person.web.get(f"{people}/invitations")
    withdraw = re.findall(r'action="(/courses/\d+/people/\d+/invitation/withdraw)"', listed.text)
    person.web.post(withdraw[0])
    return links_in(listed)[0].partition(str(person.web.base_url).rstrip("/"))[2]


def of_getting_in(who: dict[str, Person], course: Course, empty: Course) -> Pages:
    at, staff = f"/courses/{course.id}", who["instructor"]
    return (
        of_the_site(who["admin"])
        | of_programs(who, course, empty)
        | {
            "invitation": (None, _invited(staff, at)),
            "invitation, damaged": (None, "/enter/damaged"),
            "invitations": (staff, f"{at}/people/invitations"),
            "invitations, none": (who["founder"], f"/courses/{empty.id}/people/invitations"),
        }
    )


def of_programs(who: dict[str, Person], course: Course, empty: Course) -> Pages:
    staff, admin = who["instructor"], who["admin"]
    long = Program.of(staff, course, LONG)
    for name in (LONG, "nightly"):
        long.token(*ALL, name=name[:80])
    closed = Program.of(staff, course, "Moodle")
    closed.set_active(False)
    new = Program.of(admin, None, f"{LONG} of the site")
    return {
        "service accounts": (staff, f"/courses/{course.id}/service-accounts"),
        "service accounts, none": (who["founder"], f"/courses/{empty.id}/service-accounts"),
        "service accounts of the site": (admin, "/service-accounts"),
        "service account": (staff, long.at),
        "service account, closed": (staff, closed.at),
        "service account, new": (admin, new.at),
    }


def of_the_site(admin: Person) -> Pages:
    return {
        "courses, of the whole site": (admin, "/"),
        "courses, none found": (admin, "/?search=nothing+like+it"),
    }


def of_courses(cast: Cast, who: dict[str, Person], course: Course, empty: Course) -> Pages:
    at, nothing_at = f"/courses/{course.id}", f"/courses/{empty.id}"
    student, instructor, admin = who["student"], who["instructor"], who["admin"]
    return of_getting_in(who, course, empty) | {
        "sign-in": (None, "/sign-in"),
        "forgotten, without mail": (None, "/forgotten"),
        "front": (student, "/"),
        "front of a visitor": (None, "/"),
        "what a visitor tried": (None, tried_by_a_visitor(who["student"])),
        "front, no course": (who["newcomer"], "/"),
        "front, teaching": (instructor, "/"),
        "course": (student, at),
        "course, teaching": (instructor, at),
        "course, empty": (who["founder"], nothing_at),
        "gradebook": (instructor, f"{at}/gradebook?sort=-total"),
        "gradebook, empty": (who["founder"], f"{nothing_at}/gradebook"),
        "appeals": (instructor, f"{at}/appeals"),
        "appeals, closed": (instructor, f"{at}/appeals?closed=true"),
        "appeals, none": (who["founder"], f"{nothing_at}/appeals"),
        "log": (instructor, f"{at}/log"),
        "log, empty": (instructor, f"{at}/log?q=nothing+like+this"),
        "analytics, nobody": (who["founder"], f"{nothing_at}/analytics"),
        "settings": (instructor, f"{at}/settings"),
        "settings, empty": (who["founder"], f"{nothing_at}/settings"),
        "settings, archived": (instructor, f"/courses/{_archived(cast, instructor)}/settings"),
        "course, archived": (student, f"/courses/{_archived(cast, student)}"),
        "copy of a course": (instructor, f"{at}/copy"),
        "people": (instructor, f"{at}/people?removed={student.user.id}"),
        "graders": (instructor, "/graders"),
        "guide": (who["student"], "/guide"),
        "guide of a visitor": (None, "/guide"),
        "new assignment": (instructor, f"{at}/assignments/new"),
        "account": (student, "/account"),
        "accounts": (admin, "/accounts"),
        "log of accounts": (admin, "/accounts/log"),
        "mail": (admin, "/accounts/mail"),
        "new course": (admin, "/courses/new"),
        "not there": (student, "/no/such/page"),
        "not theirs": (student, f"{at}/gradebook"),
    }
