"""Who may see and make the link of whom: each row of the table in docs/security.md.

Whoever has the link has the account, so it must open nothing that its maker could not see anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from app.identity import accounts, links
from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Course, Enrolment, Role, User
from app.settings import Settings
from app.teaching import courses
from app.teaching.people import invitations
from tests.support.attempts import attempt
from tests.support.cast import Cast, Person
from tests.support.links import links_in

ROOT = Path(__file__).parents[2]


@dataclass
class Scene:
    """`ines` teaches `course` and `second`; `foreign` is another's; `sam` is in `course`."""

    cast: Cast
    course: Course
    second: Course
    foreign: Course
    ines: Person
    sam: Person

    def enrol(self, course: Course, role: Role = Role.STUDENT, *, active: bool = True) -> None:
        with database.session() as session:
            user = session.get_one(User, self.sam.user.id)
            courses.enrol(session, course, user, role).active = active
            session.commit()

    def change(self, **fields: object) -> None:
        with database.session() as session:
            user = session.get_one(User, self.sam.user.id)
            for name, value in fields.items():
                setattr(user, name, value)
            session.commit()

    def works_in(self, course: Course) -> None:
        self.enrol(course)
        with database.session() as session:
            attempt(session, self.cast.assignment(course), self.sam, 0.5)

    def made_before(self) -> None:
        self.change(created_at=self.sam.user.created_at - timedelta(minutes=1))

    def sees(self, actor: Actor) -> bool:
        with database.session() as session:
            found = invitations.of_person(session, actor, self.course.id, self.sam.user.id)
        return found.is_seen


@pytest.fixture
def scene(cast: Cast, course: Course, instructor: Person, student: Person) -> Scene:
    second = cast.course("Second")
    with database.session() as session:
        courses.enrol(session, second, instructor.user, Role.INSTRUCTOR)
        session.commit()
    return Scene(cast, course, second, cast.course("Foreign"), instructor, student)


Arrange = Callable[[Scene], object]
ROWS: dict[str, tuple[Arrange, bool, bool]] = {
    "a student of theirs alone": (lambda s: None, True, True),
    "a student in two courses of theirs": (lambda s: s.enrol(s.second), True, True),
    "an empty student's place in a course of others": (lambda s: s.enrol(s.foreign), True, False),
    "a place in a course of others that they left": (
        lambda s: s.enrol(s.foreign, active=False), True, False
    ),
    "work in a course of others": (lambda s: s.works_in(s.foreign), False, False),
    "a tutor, assistant or instructor of theirs": (
        lambda s: s.enrol(s.course, Role.ASSISTANT), True, False
    ),
    "a tutor, assistant or instructor in a course of others": (
        lambda s: s.enrol(s.foreign, Role.TUTOR), False, False
    ),
    "an account that was made before it came into any course": (Scene.made_before, False, False),
    "a site administrator": (lambda s: s.change(is_admin=True), False, False),
}  # fmt: skip
"""By who they are: what brings that about, and whether an instructor sees the link of who never had
a password, and of who has one."""


@pytest.mark.parametrize("who", ROWS)
@pytest.mark.parametrize("has_password", [False, True], ids=["new", "known"])
def test_an_instructor_sees_a_link_as_the_table_says(
    scene: Scene, admin: Person, who: str, has_password: bool
) -> None:
    arrange, new, known = ROWS[who]
    arrange(scene)
    if not has_password:
        scene.change(password_hash=None)
    assert scene.sees(Actor(scene.ines.user)) is (known if has_password else new)
    assert scene.sees(Actor(admin.user))


def test_where_mail_brings_the_link_nobody_sees_one_that_opens_another_course(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.change(password_hash=None)
    monkeypatch.setattr(Settings, "sends_mail", True)
    assert scene.sees(Actor(scene.ines.user))
    scene.enrol(scene.foreign)
    assert not scene.sees(Actor(scene.ines.user))


def test_whoever_made_a_link_that_they_do_not_see_withdraws_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.works_in(scene.foreign)
    monkeypatch.setattr(Settings, "sends_mail", True)
    with database.session() as session:
        one = scene.course.id, scene.sam.user.id
        made = invitations.give(session, Actor(scene.ines.user), *one)
        assert (made.works, made.is_seen) == (True, False)
        invitations.withdraw(session, Actor(scene.ines.user), *one)
        assert not invitations.of_person(session, Actor(scene.ines.user), *one).works
        session.rollback()


def test_the_table_in_the_documentation_is_this_one() -> None:
    text = (ROOT / "docs" / "security.md").read_text()
    written = dict.fromkeys(ROWS, ("", ""))
    for who, new, known in re.findall(r"^\| ([^|]+) \| (yes|no) \| (yes|no) \|$", text, re.M):
        written[who] = (new, known)
    words = {True: "yes", False: "no"}
    assert written == {who: (words[new], words[known]) for who, (_, new, known) in ROWS.items()}


def test_what_is_not_shown_is_on_no_page_and_cannot_be_made(scene: Scene) -> None:
    scene.change(password_hash=None)
    scene.works_in(scene.foreign)
    with database.session() as session:
        links.give(session, [session.get_one(User, scene.sam.user.id)], by=Actor(scene.sam.user))
        session.commit()
    people = f"/courses/{scene.course.id}/people"
    page = scene.ines.web.get(f"{people}/invitations")
    assert scene.sam.email in page.text
    assert "It is not shown" in page.text
    assert links_in(page) == []
    assert "/enter/" not in scene.ines.web.get(f"{people}/invitations.csv").text
    for path in ("invitation", "invitation/withdraw"):
        answer = scene.ines.web.post(f"{people}/{scene.sam.user.id}/{path}")
        assert answer.status_code == 403
    asked = scene.ines.web.post(f"{people}/invitations", data={"email": scene.sam.email})
    assert asked.status_code == 403
    added = scene.ines.web.post(people, data={"email": scene.sam.email, "role": "student"})
    assert links_in(added) == []


def test_nobody_makes_a_link_of_a_stranger_theirs_by_adding_them(scene: Scene, cast: Cast) -> None:
    """An account may wait for somebody who is to teach elsewhere."""
    stranger = cast.person("Fay Future")
    scene.ines.web.post(
        f"/courses/{scene.course.id}/people", data={"email": stranger.email, "role": "student"}
    )
    with database.session() as session:
        moment = session.get_one(Enrolment, (scene.course.id, stranger.user.id)).created_at
    assert stranger.user.created_at < moment
    found = Scene(**{**scene.__dict__, "sam": stranger})
    assert not found.sees(Actor(scene.ines.user))


def test_a_token_for_one_course_shows_no_link_that_opens_another(scene: Scene) -> None:
    scopes = frozenset({"courses:write", "links:write"})
    bound = Actor(scene.ines.user, scopes, scene.course.id)
    assert scene.sees(bound)
    scene.enrol(scene.second)
    assert not scene.sees(bound)
    assert scene.sees(Actor(scene.ines.user, scopes))


def test_a_link_that_was_seen_ends_when_its_person_is_made_more(scene: Scene) -> None:
    with database.session() as session:
        links.give(session, [session.get_one(User, scene.sam.user.id)], by=Actor(scene.ines.user))
        session.commit()
    scene.enrol(scene.foreign, Role.INSTRUCTOR)
    with database.session() as session:
        assert links.open_links(session, [scene.sam.user.id]) == {}
        user = session.get_one(User, scene.sam.user.id)
        accounts.change(session, user, name="Still Sam")
