"""Owns how people and programs prove who they are: sign-ins, bearer tokens."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from app import audit
from app.audit import Action, Who
from app.errors import Conflict, Forbidden, NotFound, NotSignedIn, Unprocessable
from app.infrastructure.clock import now
from app.models import Account, ApiToken, SignIn, User, Via
from app.settings import settings

TOKEN_PREFIX = "cr_pat_"  # noqa: S105 (a prefix, not a secret)
SCOPES = {
    "courses:read": "see courses and assignments",
    "courses:write": "change assignments (instructors)",
    "submissions:read": "see submissions and their results",
    "submissions:write": "hand in work of one's own",
    "submissions:behalf": "hand in work for a student (instructors, LMS)",
    "gradebook:read": "see the gradebook (teaching staff, LMS)",
    "gradebook:write": "change grades (teaching staff)",
    "links:write": "make and read links to set a password (instructors)",
    "webhooks:write": "see and change webhooks, which are told of grades (instructors)",
    "tokens:write": "see, make and revoke one's own tokens, none that reaches further",
}
LONGEST_DAYS = 3650
MOST_TOKENS = 50
_EXPIRED_KEPT = timedelta(days=30)  # whoever uses one is told that it has expired
_LAST_USE_GRAIN = timedelta(minutes=1)
_UNKNOWN = "This token is not known, or was revoked. Ask for a new one."
_HELD = (
    select(ApiToken, Account)
    .join(Account, Account.id == ApiToken.user_id)
    .where(ApiToken.digest == bindparam("digest"))
)
"""Made once, as it is asked at every request of the API: SQLAlchemy then knows it at sight."""
_SIGNED_IN = (
    select(User, SignIn.student_view_course_id, SignIn.student_view_user_id)
    .join(SignIn, SignIn.user_id == User.id)
    .where(SignIn.digest == bindparam("digest"), SignIn.expires_at > bindparam("now"), User.active)
)
"""The same of pages."""


class StudentView(NamedTuple):
    """At which course somebody looks as a student does, and as which one; None is any."""

    course_id: int
    user_id: int | None


@dataclass(frozen=True)
class Actor:
    """Who acts, and how far their credential reaches.

    A browser's sign-in reaches as far as its user (`scopes` is None); a token only as far as its
    scopes and, where it names one, its course. Whoever looks at a course as a student does reads
    there alone: `behind` is who that is, `student_view` what their sign-in says of it.
    """

    user: Account
    scopes: frozenset[str] | None = None
    course_id: int | None = None
    token_id: int | None = None
    behind: User | None = None
    student_view: StudentView | None = None

    def reaches(self, scope: str) -> bool:
        """Whether the credential covers `scope`."""
        return self.scopes is None or scope in self.scopes

    @property
    def person(self) -> User:
        """Who acts, where that must be a person; raises Forbidden for a service account."""
        if not isinstance(self.user, User):
            raise Forbidden("This is about a person's own, and a service account is no person.")
        return self.user

    @property
    def key(self) -> str:
        """A name for rate limits: more tokens or service accounts get nobody more."""
        if self.user.kind == "service":
            return f"service accounts:{self.user.bound_to or 'site'}"
        return f"user:{(self.behind or self.user).id}"


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def sign_in(session: Session, user: User, user_agent: str = "") -> str:
    """Start a browser session and return the cookie's value, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    expires = now() + timedelta(days=settings().session_days)
    session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at < now()))
    session.add(
        SignIn(
            digest=_digest(secret),
            user_id=user.id,
            user_agent=user_agent[:200],
            expires_at=expires,
        )
    )
    return secret


def actor_of_cookie(session: Session, secret: str) -> Actor | None:
    """Who is signed in with this cookie, if anybody is."""
    found = session.execute(_SIGNED_IN, {"digest": _digest(secret), "now": now()}).one_or_none()
    if found is None:
        return None
    user, course_id, as_whom = found
    return Actor(user, student_view=None if course_id is None else StudentView(course_id, as_whom))


def set_student_view(session: Session, secret: str, student_view: StudentView | None) -> None:
    """Have a browser's session look as a student does, or no longer, for who may have that."""
    course_id, user_id = student_view or (None, None)
    session.execute(
        update(SignIn)
        .where(SignIn.digest == _digest(secret))
        .values(student_view_course_id=course_id, student_view_user_id=user_id)
    )


def sign_out(session: Session, secret: str) -> None:
    """End one browser session."""
    session.execute(delete(SignIn).where(SignIn.digest == _digest(secret)))


def sign_out_everywhere(session: Session, user: User) -> None:
    """End all of a person's browser sessions."""
    session.execute(delete(SignIn).where(SignIn.user_id == user.id))


def issue_token(
    session: Session,
    user: Account,
    name: str,
    scopes: list[str],
    *,
    course_id: int | None = None,
    days: int | None = None,
    by: Who | Via = Via.COMMAND,
) -> str:
    """Make a bearer token and return it; it cannot be shown again. Raises Unprocessable, Conflict.

    It works for `days`, or until it is revoked where that is None. One person has MOST_TOKENS at
    most.
    """
    _check(scopes, days)
    _make_room(session, user)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            digest=_digest(secret),
            hint=secret[-4:],
            name=name,
            user_id=user.id,
            course_id=course_id or user.bound_to,
            scopes=sorted(set(scopes)),
            made_by_token_id=None if isinstance(by, Via) else by.token_id,
            expires_at=now() + timedelta(days=days) if days is not None else None,
        )
    )
    made = {"name": name, "ends with": secret[-4:], "scopes": sorted(set(scopes)), "days": days}
    about: dict[str, Any] = {"user_id": user.id, "course_id": user.bound_to}
    audit.record(session, by, Action.TOKEN_MADE, **about, after=made)
    return secret


def _check(scopes: list[str], days: int | None) -> None:
    """Raise Unprocessable where no token can have these scopes, or work for so long."""
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise Unprocessable(
            f"A token can work for 1 to {LONGEST_DAYS} days, so none was made for {days}.",
            errors={"days": f"1 to {LONGEST_DAYS}"},
        )
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise Unprocessable(
            f"A token needs scopes out of: {', '.join(SCOPES)}."
            + (f" Not known: {', '.join(unknown)}." if unknown else ""),
            errors={"scope": "unknown or missing"},
        )


def _make_room(session: Session, user: Account) -> None:
    """Raise Conflict where a person has all the tokens that they may.

    Their row is held until the commit: two made at the same moment are not one too many.
    """
    session.execute(select(Account.id).where(Account.id == user.id).with_for_update(key_share=True))
    long_ago = now() - _EXPIRED_KEPT
    ended = or_(ApiToken.revoked_at.is_not(None), ApiToken.expires_at < long_ago)
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id, ended))
    if len(tokens_of(session, user)) >= MOST_TOKENS:
        raise Conflict(
            f"There are {MOST_TOKENS} API tokens of this account, which is the most there can be, "
            "so none was made. Revoke those that nothing uses any more."
        )


def tokens_of(session: Session, user: Account) -> list[ApiToken]:
    """A person's tokens that still work, newest first."""
    works = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now())
    rows = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None), works)
    return list(session.scalars(rows.order_by(ApiToken.id.desc())))


def revoke_token(
    session: Session, user: Account, token_id: int, *, by: Who | Via = Via.COMMAND
) -> None:
    """End one of a person's own tokens, and all that were made with it.

    Raises NotFound where it is not theirs.
    """
    theirs = ApiToken.id == token_id, ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None)
    if not _revoke(session, by, *theirs):
        raise NotFound("There is no such token of yours; perhaps it was revoked before.")


def revoke_tokens(session: Session, user: Account, *, by: Who | Via = Via.COMMAND) -> int:
    """End all of a person's tokens, and all that were made with them; returns how many of theirs
    still worked."""
    working = len(tokens_of(session, user))
    _revoke(session, by, ApiToken.user_id == user.id)
    return working


def _revoke(session: Session, by: Who | Via, *which: ColumnElement[bool]) -> int:
    """End these tokens and all that were made with them; returns how many that was."""
    made = select(ApiToken.id).where(*which).cte(recursive=True)
    made = made.union(select(ApiToken.id).where(ApiToken.made_by_token_id == made.c.id))
    ended = session.execute(
        update(ApiToken)
        .where(ApiToken.id.in_(select(made.c.id)), ApiToken.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(ApiToken.user_id, ApiToken.name, ApiToken.hint)
        .execution_options(synchronize_session="fetch")
    ).all()
    for one in ended:
        was = {"name": one.name, "ends with": one.hint}
        holder = session.get_one(Account, one.user_id)
        about: dict[str, Any] = {"user_id": holder.id, "course_id": holder.bound_to}
        audit.record(session, by, Action.TOKEN_REVOKED, **about, before=was)
    return len(ended)


def actor_of_token(session: Session, secret: str) -> Actor:
    """Who holds this bearer token; raises NotSignedIn."""
    found = session.execute(_HELD, {"digest": _digest(secret)}).one_or_none()
    if found is None:
        raise NotSignedIn(_UNKNOWN)
    token, user = found
    if token.revoked_at is not None or not user.active:
        raise NotSignedIn(_UNKNOWN)
    if token.expires_at is not None and token.expires_at <= now():
        raise NotSignedIn("This token has expired. Ask for a new one.")
    if token.last_used_at is None or token.last_used_at < now() - _LAST_USE_GRAIN:
        session.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=now()))
    return Actor(user, frozenset(token.scopes), token.course_id or user.bound_to, token.id)
