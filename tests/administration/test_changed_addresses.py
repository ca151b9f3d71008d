"""Another address for somebody in a roster is taken over where that is wished, and never else."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.identity.authentication import Actor
from app.infrastructure import database
from app.models import Course, Role, User
from app.settings import Settings
from app.teaching import courses
from app.teaching.people import rosters
from app.teaching.people.roster_changes import Wish
from tests.administration.test_roster_files import send
from tests.pages.staff.test_rosters import Roll, told
from tests.support.cast import Cast, Person
from tests.support.links import links_in, look


@pytest.fixture
def roll(instructor: Person, course: Course) -> Roll:
    return Roll(instructor, course)


def test_another_address_is_offered_as_a_change_and_made_where_that_is_wished(
    db: Session, roll: Roll
) -> None:
    roll.send("email,name,external_id\nold%@x.example,Ana,id-%\n")
    new = "email,name,external_id\nnew%@x.example,Ana,id-%\n"
    offered = told(roll.send(new, confirmed=False))[2]
    assert f"is Ana's, who has the address old{roll.course.id}@x.example so far" in offered
    assert set(roll.enrolled(db)) == {"old"}
    people = f"/courses/{roll.course.id}/people/invitations"
    (link,) = links_in(roll.person.web.get(people))

    shown = send(roll, new, addresses="yes")
    assert "from now on" in shown.text
    assert set(roll.enrolled(db)) == {"old"}
    assert roll.confirm(shown).status_code == 200
    assert set(roll.enrolled(db)) == {"new"}
    assert look(link).status_code == 410
    (fresh,) = links_in(roll.person.web.get(people))
    assert f"new{roll.course.id}@x.example" in look(fresh).text


def test_where_links_are_mailed_nobody_has_one_sent_to_themselves_by_another_address(
    db: Session, roll: Roll, student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.session() as session:
        user = session.get_one(User, student.user.id)
        user.external_id = f"s-{user.id}"
        session.commit()
    monkeypatch.setattr(Settings, "sends_mail", True)
    wish = Wish(addresses=True)
    text = f"email,external_id\nmine@evil.example,s-{student.user.id}\n"
    actor = Actor(roll.person.user)
    with database.session() as session:
        found = rosters.import_roster(session, actor, roll.course.id, text, wish)
        session.rollback()
    assert "or a password where links are mailed" in found.errors[2]


def test_no_address_is_changed_of_an_account_that_opens_more_or_is_in_no_course_of_theirs(
    db: Session, cast: Cast, roll: Roll, student: Person
) -> None:
    """Whoever changes an address can have a link sent there."""
    stranger = cast.person("Mei Elsewhere", cast.course("Another"))
    with database.session() as session:
        for one in (student, stranger):
            session.get_one(User, one.user.id).external_id = f"s-{one.user.id}"
        courses.enrol(session, cast.course("Elsewhere"), student.user, Role.STUDENT)
        session.commit()
    wished = {"addresses": "yes", "confirmed": "yes"}
    text = f"email,external_id\nmine%@x.example,s-{student.user.id}\n"
    refused = told(send(roll, text, **wished))
    assert "only a site administrator can change their address" in refused[2]
    text = f"email,external_id\nmine%@x.example,s-{stranger.user.id}\n"
    refused = told(send(roll, text, **wished))
    assert "belongs to an account with another e-mail address" in refused[2]
    assert stranger.email not in refused[2]
    db.rollback()
    emails = {db.get_one(User, one.user.id).email for one in (student, stranger)}
    assert emails == {student.email, stranger.email}
