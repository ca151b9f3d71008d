"""A link to set a password works once, for some days, is shown again, and is kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import NotFound, Unavailable
from app.identity import accounts, links
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import AuditEntry, Course, PasswordLink, Role, User, Via
from app.settings import settings
from app.teaching import courses
from tests.support.cast import Cast, Person
from tests.support.links import enter, look
from tests.support.processes.stack import Stack

NEW = "a password of mine"


def given(user: User, *, by: Person | None = None) -> str:
    """The address of a link for somebody."""
    with database.session() as session:
        maker = Via.COMMAND if by is None else _Maker(by.user)
        (link,) = links.give(session, [session.get_one(User, user.id)], by=maker)
        session.commit()
        return links.address(link)


class _Maker:
    token_id = None

    def __init__(self, user: User) -> None:
        self.user = user


def change(user: User, how: Callable[[Session, User], object]) -> None:
    with database.session() as session:
        how(session, session.get_one(User, user.id))
        session.commit()


def test_a_link_sets_the_password_and_signs_in_and_works_once(stack: Stack, newcomer: User) -> None:
    link = given(newcomer)
    entered = enter(link, NEW)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    inside = httpx.get(
        f"{stack.url}/account", cookies=dict(entered.cookies), trust_env=False, verify=False
    )
    assert newcomer.email in inside.text
    for again in (look(link), enter(link, "of somebody else")):
        assert again.status_code == 410
        assert "works only once" in again.text
    form = {"email": newcomer.email, "password": NEW}
    assert (
        httpx.post(f"{stack.url}/sign-in", data=form, trust_env=False, verify=False).status_code
        == 303
    )


def test_looking_at_a_link_uses_nothing_up_as_programs_that_check_mail_do(newcomer: User) -> None:
    link = given(newcomer)
    for _ in range(3):
        assert look(link).status_code == 200
        assert httpx.head(link, trust_env=False, verify=False).status_code == 200
    assert enter(link, NEW).status_code == 303


def test_the_page_is_kept_nowhere_and_its_address_is_told_to_nobody(newcomer: User) -> None:
    link = given(newcomer)
    elsewhere = httpx.post(
        link, headers={"Origin": "https://evil.example"}, trust_env=False, verify=False
    )
    assert elsewhere.status_code == 403
    for answer in (look(link), enter(link, "short"), enter(link, NEW), look(link), elsewhere):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "strict-origin"


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [("short", "short", "at least 8 characters"), (NEW, NEW + "x", "The two passwords differ")],
)
def test_a_password_that_cannot_be_uses_nothing_up(
    newcomer: User, password: str, again: str, words: str
) -> None:
    link = given(newcomer)
    refused = enter(link, password, again)
    assert refused.status_code == 422
    assert words in refused.text
    assert newcomer.email in refused.text
    assert enter(link, NEW).status_code == 303


def test_a_link_that_is_damaged_says_so_and_nobody_tries_for_long(
    stack: Stack, newcomer: User, student: Person
) -> None:
    link = given(newcomer)
    start, _, token = link.rpartition("/")
    other = given(student.user).rpartition("/")[2]
    for damaged in (token[:-1], token[:-1] + "!", "x", "é", token[:22] + other[22:], other + token):
        answer = look(f"{start}/{damaged}")
        assert answer.status_code == 404
        assert "a part of it is missing or was changed" in answer.text
    assert enter(link, NEW).status_code == 303


def test_a_link_that_has_expired_says_so(newcomer: User) -> None:
    link = given(newcomer)
    with database.session() as session:
        row = links.open_links(session, [newcomer.id])[newcomer.id]
        row.expires_at = now() - timedelta(seconds=1)
        session.commit()
    for answer in (look(link), enter(link, NEW)):
        assert answer.status_code == 410
        assert "has expired" in answer.text
    assert given(newcomer) != link


@pytest.mark.parametrize(
    "how",
    [
        lambda session, user: accounts.set_password(session, user, NEW),
        lambda session, user: accounts.shut_out(session, user, by=Via.COMMAND),
        lambda session, user: accounts.change(session, user, email=f"other.{user.email}"),
        lambda session, user: accounts.change(session, user, is_admin=True),
        lambda session, user: accounts.deactivate(session, user),
        lambda session, user: links.withdraw(session, user, by=Via.COMMAND),
    ],
    ids=["password", "shut out", "address", "administrator", "closed", "withdrawn"],
)
def test_a_link_ends_with_what_it_was_made_for(
    student: Person, how: Callable[[Session, User], object]
) -> None:
    link = given(student.user)
    change(student.user, how)
    for answer in (look(link), enter(link, "of somebody else")):
        assert answer.status_code == 410
        assert "was withdrawn, or the password was set in another way since" in answer.text


def test_a_link_ends_when_its_person_is_to_do_more_than_a_student(
    cast: Cast, newcomer: User, course: Course
) -> None:
    """Whoever handed it on may have kept it."""
    link = given(newcomer)
    elsewhere = cast.course("Elsewhere")
    change(newcomer, lambda session, user: courses.enrol(session, elsewhere, user, Role.STUDENT))
    assert look(link).status_code == 200
    change(newcomer, lambda session, user: courses.enrol(session, elsewhere, user, Role.TUTOR))
    assert look(link).status_code == 410


def test_the_link_of_who_has_a_password_ends_all_that_the_old_one_opened(
    stack: Stack, student: Person
) -> None:
    headers = {"Authorization": f"Bearer {student.token('courses:read')}"}
    assert student.web.get("/account").status_code == 200
    link = given(student.user)
    assert "your API token ends" in look(link).text.replace("1 API token", "API token")
    assert student.web.get("/account").status_code == 200
    assert enter(link, NEW).status_code == 303
    assert student.web.get("/account").status_code == 303
    asked = httpx.get(f"{stack.url}/api/v1/me", headers=headers, trust_env=False, verify=False)
    assert asked.status_code == 401


def test_a_link_is_the_same_whenever_it_is_shown_and_stands_in_no_table(
    db: Session, newcomer: User
) -> None:
    link = given(newcomer)
    assert given(newcomer) == link
    token = link.rpartition("/")[2]
    for table in ("password_links", "audit_entries", "users"):
        kept = str(db.execute(text(f"SELECT * FROM {table}")).all())
        assert token not in kept
        assert token[24:] not in kept


def test_a_copy_of_the_database_opens_nothing_without_the_key(newcomer: User) -> None:
    """Links that were made with another key are none of ours, as after a leak of the key."""
    link = given(newcomer)
    key = settings().receipt_key_folder / "link-key"
    kept = key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    try:
        key.unlink()
        assert look(link).status_code == 404
        assert given(newcomer) != link
    finally:
        key.write_bytes(kept)
    assert look(link).status_code == 200


def test_a_key_that_was_cut_short_is_no_key(db: Session, newcomer: User) -> None:
    link = given(newcomer)
    key = settings().receipt_key_folder / "link-key"
    kept = key.read_bytes()
    try:
        for broken in (b"", kept[:-1]):
            key.write_bytes(broken)
            with pytest.raises(Unavailable):
                given(newcomer)
            assert look(link).status_code == 503
    finally:
        key.write_bytes(kept)
    assert given(newcomer) == link


def test_a_token_has_one_spelling(db: Session, newcomer: User) -> None:
    token = given(newcomer).rpartition("/")[2]
    for other in (token + "=", token + "A", f" {token}", token.swapcase()):
        with pytest.raises(NotFound):
            links.opened(db, other)


def test_making_using_and_withdrawing_are_logged_and_by_whom(
    db: Session, newcomer: User, instructor: Person
) -> None:
    assert enter(given(newcomer, by=instructor), NEW).status_code == 303
    given(newcomer)
    change(newcomer, lambda session, user: links.withdraw(session, user, by=Via.COMMAND))
    of_links = AuditEntry.action.contains("link"), AuditEntry.user_id == newcomer.id
    rows = db.scalars(select(AuditEntry).where(*of_links).order_by(AuditEntry.id)).all()
    assert [(row.action, row.actor_id, row.after) for row in rows] == [
        ("password link made", instructor.user.id, {"first password": True}),
        ("password set by link", None, {"link made by": instructor.email}),
        ("password link made", None, {"first password": False}),
        ("password link withdrawn", None, None),
    ]


def test_no_log_has_a_links_address(stack: Stack, newcomer: User) -> None:
    link = given(newcomer)
    for answer in (look(link), enter(link, "short"), enter(link, NEW), look(link)):
        assert answer.status_code in (200, 303, 410, 422)
    token = link.rpartition("/")[2]
    kept = "".join(path.read_text() for path in stack.folder.logs.glob("*.log"))
    assert "/enter/{token}" in kept
    assert token not in kept
    assert NEW not in kept


def test_of_two_who_make_a_link_at_once_both_have_the_same(db: Session, newcomer: User) -> None:
    with database.session() as one, database.session() as other:
        (first,) = links.give(one, [one.get_one(User, newcomer.id)], by=Via.COMMAND)
        one.commit()
        (second,) = links.give(other, [other.get_one(User, newcomer.id)], by=Via.COMMAND)
        other.commit()
    assert first.id == second.id
    assert db.scalars(select(PasswordLink.user_id)).all().count(newcomer.id) == 1


def test_whoever_is_signed_in_is_told_that_they_will_not_be(
    instructor: Person, newcomer: User
) -> None:
    page = instructor.web.get(given(newcomer)).text
    assert f"{instructor.user.name} is signed in, and will no longer be" in page
