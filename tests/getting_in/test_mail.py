"""Links go out by mail where a server is set up: once, and again when it was away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from starlette.requests import Request

from app.errors import TooMany
from app.identity import links
from app.infrastructure import database, rate_limits
from app.infrastructure.clock import now
from app.models import Course, Delivery, Mail, PasswordLink, User, Via
from app.pages.identity import forgotten
from app.settings import settings
from tests.support.cast import Person
from tests.support.links import enter
from tests.support.outside.mail import MailServer, mail_server
from tests.support.processes.server import Server, served
from tests.support.processes.stack import Stack
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def post(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """A mail server."""
    with mail_server(tmp_path_factory.mktemp("post")) as server:
        yield server


@pytest.fixture(scope="module")
def web(post: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A web server that sends mail by it, and looks often for what is to be sent."""
    address = f"smtp+plain://127.0.0.1:{post.port}"
    folder = tmp_path_factory.mktemp("web")
    often = {"app.mail.postman._LOOK_S": 0.1}
    limit = {"CHAINRULE_FORGOTTEN_LIMIT": "4/hour"}
    with served(folder, often, CHAINRULE_SMTP_URL=address, **limit) as server:
        yield server


@pytest.fixture
def sends(post: MailServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process has the setting, too."""
    monkeypatch.setenv("CHAINRULE_SMTP_URL", f"smtp+plain://127.0.0.1:{post.port}")
    settings.cache_clear()
    yield
    settings.cache_clear()


def at(web: Server, person: Person) -> httpx.Client:
    return httpx.Client(
        base_url=web.url, cookies=person.cookie, trust_env=False, verify=False, timeout=30
    )


def ask(web: Server, email: str) -> httpx.Response:
    """What a stranger is told who asks for a link."""
    form = {"email": email}
    return httpx.post(f"{web.url}/forgotten", data=form, trust_env=False, verify=False)


def of_link(db: Session, link: PasswordLink) -> Mail:
    db.rollback()
    db.expire_all()
    return db.scalars(select(Mail).where(Mail.link_id == link.id).order_by(Mail.id.desc())).first()  # type: ignore[return-value]


def given(user: User) -> PasswordLink:
    with database.session() as session:
        (link,) = links.give(session, [session.get_one(User, user.id)], by=Via.COMMAND)
        session.commit()
    return link


def addressed(user: User, local: str) -> User:
    """Somebody whom the mail server treats as the letters before the @ say."""
    with database.session() as session:
        found = session.get_one(User, user.id)
        found.email = f"{local}.{user.email}"
        session.commit()
    return found


def test_an_invitation_is_mailed_and_lets_its_person_in(
    web: Server, post: MailServer, instructor: Person, course: Course
) -> None:
    people, email = f"/courses/{course.id}/people", f"mei.{course.id}@new.example"
    with at(web, instructor) as client:
        client.post(people, data={"email": email, "name": 'Mei "M" Lín', "role": "student"})
        letter = post.of(email)
        assert letter["headers"]["to"] == f'"Mei \\"M\\" Lín" <{email}>'
        assert letter["headers"]["from"] == "Chainrule <no-reply@[127.0.0.1]>"
        assert letter["headers"]["auto-submitted"] == "auto-generated"
        assert f"for {course.title}" in letter["text"]
        page = wait_for(
            lambda: "Mailed" in (text := client.get(f"{people}/invitations").text) and text,
            "that it was mailed",
        )
    assert post.link(email) in page
    assert enter(post.link(email), "a password of mine").status_code == 303
    assert len([one for one in post.letters if one["to"] == [email]]) == 1


def test_who_has_forgotten_their_password_gets_a_link(
    web: Server, post: MailServer, student: Person
) -> None:
    assert "/forgotten" in web.get("/sign-in").text
    asked = ask(web, f" {student.email.upper()}")
    assert "is on its way" in asked.text
    letter = post.of(student.email)
    assert "your present password works until then" in letter["text"]
    assert enter(post.link(student.email), "another password").status_code == 303


def test_nobody_learns_who_has_an_account(
    web: Server, post: MailServer, db: Session, student: Person
) -> None:
    """What is answered is the same, and so is what is done for it: one row, looked at later."""
    unknown = f"nobody.{student.user.id}@cast.example"
    told = [ask(web, email).text.replace(email, "x") for email in (student.email, unknown)]
    assert told[0] == told[1]
    post.of(student.email)
    typed = select(Mail.id).where(Mail.address == unknown)

    def is_forgotten() -> bool:
        db.rollback()
        return db.scalar(typed) is None

    wait_for(is_forgotten, "that the address is forgotten")
    assert [one for one in post.letters if one["to"] == [unknown]] == []


def test_so_many_mails_can_be_asked_for_an_account_and_no_more_and_nobody_is_told(
    db: Session, web: Server, student: Person, other_student: Person
) -> None:
    def asked(person: Person) -> int:
        return db.scalar(select(func.count()).where(Mail.address == person.email)) or 0

    pages = {ask(web, student.email).text for _ in range(7)}
    assert len(pages) == 1
    assert "is on its way" in pages.pop()
    assert asked(student) <= 4
    assert ask(web, other_student.email).status_code == 200
    assert ask(web, "no address").status_code == 422


def test_who_is_refused_uses_up_no_mail_of_anybody_else(
    monkeypatch: pytest.MonkeyPatch, student: Person, db: Session, sends: None
) -> None:
    taken = []

    def refuses(_name: str, _rate: str, key: str, *, times: int = 1) -> None:
        taken.append(key.partition(":")[0])
        raise TooMany("Later.", retry_after=times)

    monkeypatch.setattr(rate_limits, "take", refuses)
    request = Request({"type": "http", "client": ("192.0.2.1", 1), "headers": []})
    monkeypatch.setattr(forgotten, "page", lambda *_, **shown: shown["problem"])
    assert isinstance(forgotten.ask(request, db, student.email), TooMany)
    assert taken == ["address"]


def test_an_instructor_fills_nobodys_mailbox(
    web: Server, instructor: Person, newcomer: User, course: Course, db: Session
) -> None:
    one = f"/courses/{course.id}/people/{newcomer.id}/invitation"
    with at(web, instructor) as client:
        for _ in range(links.MOST_MAILS):
            assert client.post(one).status_code == 303
            wait_for(
                lambda: (
                    not db.scalar(
                        select(func.count()).where(
                            Mail.address == newcomer.email, Mail.delivery == Delivery.WAITING
                        )
                    )
                ),
                "that it was mailed",
            )
        refused = client.post(one)
    assert refused.status_code == 429
    assert "within an hour" in refused.text


@pytest.mark.usefixtures("sends")
def test_a_link_that_is_about_to_expire_is_mailed_with_all_of_its_time_again(
    db: Session, newcomer: User
) -> None:
    link = given(newcomer)
    late = now() + timedelta(minutes=2)
    db.execute(update(PasswordLink).where(PasswordLink.id == link.id).values(expires_at=late))
    db.commit()
    again = given(newcomer)
    assert again.id == link.id
    assert again.expires_at > now() + timedelta(days=settings().invitation_days - 1)
    fresh = again.expires_at
    assert given(newcomer).expires_at == fresh


@pytest.mark.usefixtures("sends")
def test_what_the_server_refuses_is_told_to_staff_in_its_words(
    db: Session, web: Server, newcomer: User, instructor: Person, course: Course
) -> None:
    link = given(addressed(newcomer, "refused"))
    wait_for(lambda: of_link(db, link).delivery is Delivery.FAILED, "that it failed")
    assert of_link(db, link).said == "550 5.1.1 no such person here"
    people = f"/courses/{course.id}/people"
    with at(web, instructor) as client:
        page = client.get(f"{people}/invitations").text
        assert "The mail could not be sent: 550 5.1.1 no such person here" in page
        addressed(newcomer, "right")
        again = client.post(f"{people}/{newcomer.id}/invitation")
    assert again.status_code == 303
    wait_for(lambda: of_link(db, link).delivery is Delivery.SENT, "that it was sent")


@pytest.mark.usefixtures("sends")
def test_what_the_server_does_not_take_yet_is_sent_later_and_once(
    db: Session,
    web: Server,
    post: MailServer,
    newcomer: User,
    instructor: Person,
    course: Course,
) -> None:
    user = addressed(newcomer, "later")
    link = given(user)
    wait_for(lambda: of_link(db, link).said, "the server's words")
    mail = of_link(db, link)
    assert (mail.said, mail.tries, mail.lease) == ("451 4.7.1 come back later", 1, None)
    assert timedelta(0) < mail.due_at - now() <= timedelta(minutes=1)
    with at(web, instructor) as client:
        assert "Try now" in client.get(f"/courses/{course.id}/people/invitations").text
        client.post(f"/courses/{course.id}/people/{user.id}/invitation")
    wait_for(lambda: of_link(db, link).delivery is Delivery.SENT, "that it was sent")
    assert len([one for one in post.letters if one["to"] == [user.email]]) == 1


@pytest.mark.usefixtures("sends")
def test_an_administrator_sees_all_mail_and_has_what_waits_tried(
    db: Session, web: Server, newcomer: User, admin: Person
) -> None:
    link = given(addressed(newcomer, "later"))
    wait_for(lambda: of_link(db, link).said, "the server's words")
    with at(web, admin) as client:
        page = client.get("/accounts/mail?only=waiting").text
        assert "451 4.7.1 come back later" in page
        assert links.token(link.id) not in page
        assert client.post("/accounts/mail/hasten").status_code == 303
        wait_for(lambda: of_link(db, link).delivery is Delivery.SENT, "that it was sent")
        assert newcomer.name in client.get("/accounts/mail?only=sent").text
        assert client.get("/accounts/mail?only=nonsense").status_code == 422
