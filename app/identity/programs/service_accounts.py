"""Owns service accounts: programs that act for themselves, and belong to no person.

Who manages a course may make one for it, a site administrator also one for the whole site. It does
there what an instructor may, but for work of its own, as far as its tokens' scopes go. It has no
other way in than a token, and none of these reaches further than who made it could at that time.
Whoever made it may leave: it goes on until it is closed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action
from app.errors import Conflict, Forbidden, NotFound, Unprocessable
from app.identity import accounts, authentication, permissions, rights, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.identity.programs import own_tokens
from app.models import ApiToken, Course, ServiceAccount

MOST = 50
"""So many that are open in one course, or for the site."""
_ABSENT = "There is no such service account, or it is not yours to look after."
_TAKEN = "There is a service account of this name already. Give each the name of what uses it."


def of_course(session: Session, actor: Actor, course_id: int) -> list[ServiceAccount]:
    """A course's service accounts by name, closed ones too; raises NotFound, Forbidden."""
    _require(session, actor, course_id)
    rows = select(ServiceAccount).where(ServiceAccount.course_id == course_id)
    return list(session.scalars(rows.order_by(func.lower(ServiceAccount.name), ServiceAccount.id)))


def of_site(session: Session, actor: Actor) -> list[ServiceAccount]:
    """All that there are, by name, for a site administrator; raises Forbidden."""
    _require(session, actor, None)
    rows = select(ServiceAccount).order_by(func.lower(ServiceAccount.name), ServiceAccount.id)
    return list(session.scalars(rows))


def get(session: Session, actor: Actor, account_id: int, *, held: bool = False) -> ServiceAccount:
    """One that the actor looks after; `held` until the commit. Raises NotFound, Forbidden."""
    lock = {"key_share": True} if held else None
    found = session.get(ServiceAccount, account_id, with_for_update=lock, populate_existing=held)
    if found is None or (found.course_id is None and not actor.user.is_admin):
        raise NotFound(_ABSENT)
    try:
        _require(session, actor, found.course_id)
    except NotFound:
        raise NotFound(_ABSENT) from None
    return found


def add(session: Session, actor: Actor, name: str, course_id: int | None) -> ServiceAccount:
    """A new one, for a course or for None the whole site; it has no token yet.

    Raises NotFound, Forbidden, Conflict (the name is taken, an archived course), Unprocessable.
    """
    _require(session, actor, course_id, makes=True)
    there = ServiceAccount.course_id == course_id, ServiceAccount.active
    if (session.scalar(select(func.count()).where(*there)) or 0) >= MOST:
        raise Conflict(
            f"There are {MOST} service accounts here, which is the most there can be, so none was "
            "made. Close those that nothing uses any more."
        )
    account = ServiceAccount(name=_named(name), course_id=course_id, is_admin=course_id is None)
    session.add(account)
    _store(session)
    what = {"name": account.name, "service account": True}
    _record(session, actor, account, Action.ACCOUNT_MADE, after=what)
    return account


def set_active(session: Session, actor: Actor, account_id: int, *, active: bool) -> ServiceAccount:
    """Close one, whose tokens work no more from then on, or open it again.

    What it did stays its own. Raises NotFound, Forbidden, Conflict where its name is taken by now.
    """
    account = get(session, actor, account_id, held=True)
    if active and not account.active:
        _require(session, actor, account.course_id, makes=True)
        account.active = True
        _store(session)
        _record(session, actor, account, Action.ACCOUNT_OPENED)
    elif account.active and not active:
        _close(session, actor, account)
    return account


def close_all(session: Session, actor: Actor, course_id: int) -> None:
    """Close those of a course that is about to be deleted."""
    rows = select(ServiceAccount).where(ServiceAccount.course_id == course_id)
    for account in session.scalars(rows.where(ServiceAccount.active)):
        _close(session, actor, account)


def tokens(session: Session, actor: Actor, account_id: int) -> Sequence[ApiToken]:
    """Those that work, newest first; raises NotFound, Forbidden."""
    return authentication.tokens_of(session, get(session, actor, account_id))


def issue(
    session: Session,
    actor: Actor,
    account_id: int,
    name: str,
    scopes: Sequence[str],
    *,
    days: int | None,
) -> tuple[ApiToken, str]:
    """A new token of one, and what it is; that cannot be shown again.

    By a token it gets no scope and no day more than that has. Raises NotFound, Forbidden, Conflict,
    Unprocessable.
    """
    account = get(session, actor, account_id, held=True)
    _require(session, actor, account.course_id, makes=True)
    if not account.active:
        raise Conflict(f"{account.name} is closed, so it gets no token. Open it again first.")
    if rights.SCOPES[Right.SUBMIT] in scopes:
        raise Unprocessable(
            "A service account has no work of its own to hand in, so no token was made. With "
            "submissions:behalf it hands in for students.",
            errors={"scopes": "submissions:write is for people"},
        )
    return own_tokens.issue_within(session, actor, account, name, scopes, days=days)


def revoke(session: Session, actor: Actor, account_id: int, token_id: int) -> None:
    """End one of its tokens, and what was made with that; raises NotFound, Forbidden."""
    account = get(session, actor, account_id)
    there = authentication.tokens_of(session, account)
    own_tokens.revoke_within(session, actor, account, there, token_id)


def _require(session: Session, actor: Actor, course_id: int | None, *, makes: bool = False) -> None:
    """Raise unless a person acts who looks after a course, or for None after the whole site.

    Something new `makes` sense in a course that is held alone.
    """
    permissions.require_scope(actor, own_tokens.SCOPE)
    if course_id is None:
        site_permissions.require_course_maker(actor)
    else:
        course = session.get(Course, course_id)
        right = Right.MANAGE if makes or course is None else rights.managing(course)
        permissions.require(session, actor, right, course_id)
    if isinstance(actor.user, ServiceAccount):
        raise Forbidden("A person looks after service accounts; one makes tokens of its own alone.")


def _named(name: str) -> str:
    found = accounts.clean_name(name, "")
    if not found:
        raise Unprocessable(
            "Name the service account after what uses it, such as “Moodle”; none was made.",
            errors={"name": "missing"},
        )
    return found


def _store(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(_TAKEN, errors={"name": "taken"}) from None


def _close(session: Session, actor: Actor, account: ServiceAccount) -> None:
    account.active = False
    session.flush()
    _record(session, actor, account, Action.ACCOUNT_CLOSED)


def _record(
    session: Session,
    actor: Actor,
    account: ServiceAccount,
    action: Action,
    after: audit.Facts | None = None,
) -> None:
    about = account.course_id
    audit.record(session, actor, action, course_id=about, user_id=account.id, after=after)
