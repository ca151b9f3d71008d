"""Whatever changes an account, a password or a token is in a log that site administrators read."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import accounts
from app.models import AuditEntry, User, Via
from tests.support.cast import PASSWORD, Person
from tests.support.forms import forms, press


def entries(db: Session, user: User) -> list[tuple[str, int | None, Via]]:
    """What was done to an account, the oldest first: what, by whom, how."""
    db.rollback()
    rows = select(AuditEntry).where(AuditEntry.user_id == user.id, AuditEntry.course_id.is_(None))
    found = db.scalars(rows.order_by(AuditEntry.id))
    return [(one.action, one.actor_id, one.via) for one in found]


def test_what_an_administrator_does_to_an_account_is_told_with_who_did_it(
    db: Session, admin: Person, student: Person
) -> None:
    here, me = f"/accounts/{student.user.id}", (admin.user.id, Via.PAGE)
    known = len(entries(db, student.user))
    student.token("courses:read")
    find = f"/accounts?search={student.email}"
    press(admin.web, find, f"{here}/link", shut_out="true")
    press(admin.web, find, f"{here}/active")
    press(admin.web, find, f"{here}/active", active="true")
    assert entries(db, student.user)[known:] == [
        ("token made", None, Via.COMMAND),
        ("password reset", *me),
        ("token revoked", *me),
        ("password link made", *me),
        ("account closed", *me),
        ("account opened again", *me),
    ]
    shown = admin.web.get("/accounts/log", params={"q": student.email}).text
    for said in ("Password reset", "Account closed", admin.user.name):
        assert said in shown


def test_what_people_do_to_their_own_account_is_there_too_and_no_secret_is(
    db: Session, student: Person
) -> None:
    made = {"name": "LMS", "scope": "courses:read", "days": "30"}
    secret = student.web.post("/account/tokens", data=made).text
    (revoke,) = {where for _, where, _ in forms(student.web, "/account") if "/revoke" in where}
    student.web.post(revoke)
    student.web.post(
        "/account/password", data={"current": PASSWORD, "password": "another long one"}
    )
    me = (student.user.id, Via.PAGE)
    assert entries(db, student.user)[-3:] == [
        ("token made", *me),
        ("token revoked", *me),
        ("password changed", *me),
    ]
    kept = db.scalars(select(AuditEntry).where(AuditEntry.user_id == student.user.id)).all()
    told = " ".join(f"{one.before} {one.after}" for one in kept)
    assert "cr_pat_" in secret
    assert "cr_pat_" not in told
    assert "another long one" not in told


def test_who_becomes_a_site_administrator_is_told_once(db: Session, student: Person) -> None:
    user = accounts.get(db, student.email)
    for _ in range(2):
        accounts.change(db, user, is_admin=True)
    db.flush()
    found = db.scalars(select(AuditEntry).where(AuditEntry.action == "account changed")).all()
    (one,) = [entry for entry in found if entry.user_id == user.id]
    assert (one.before, one.after) == ({"site_admin": False}, {"site_admin": True})
    db.rollback()
