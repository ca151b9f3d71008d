"""Owns what a token may do about tokens: those of its holder, and none that reaches further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.errors import Forbidden, NotFound
from app.identity import authentication, permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Account, ApiToken

SCOPE = "tokens:write"


def listed(session: Session, actor: Actor) -> list[ApiToken]:
    """The holder's tokens that work, newest first; a course's own for a token of one course."""
    permissions.require_scope(actor, SCOPE)
    found = authentication.tokens_of(session, actor.user)
    return [one for one in found if actor.course_id in (None, one.course_id)]


def issue(
    session: Session,
    actor: Actor,
    name: str,
    scopes: Sequence[str],
    *,
    course_id: int | None,
    days: int | None,
) -> tuple[ApiToken, str]:
    """A new token of the holder's, and what it is; that cannot be shown again.

    It has no scope, no course and no day more than the token that makes it. Raises Unprocessable,
    Forbidden, Conflict, and NotFound for a course that is not the holder's.
    """
    permissions.require_scope(actor, SCOPE)
    if actor.course_id not in (None, course_id):
        raise Forbidden("This token is for one course; one that it makes must be for that, too.")
    if course_id is not None:
        permissions.course(session, actor, course_id)
    holder = session.get_one(Account, actor.user.id)
    return issue_within(session, actor, holder, name, scopes, course_id=course_id, days=days)


def issue_within(
    session: Session,
    actor: Actor,
    holder: Account,
    name: str,
    scopes: Sequence[str],
    *,
    course_id: int | None = None,
    days: int | None,
) -> tuple[ApiToken, str]:
    """A new token of the holder's that has no scope and no day more than the actor's credential."""
    further = [one for one in authentication.SCOPES if one in scopes and not actor.reaches(one)]
    if further:
        raise Forbidden(f"This token lacks {', '.join(further)}, and so can make none with it.")
    _check_days(session, actor, days)
    secret = authentication.issue_token(
        session, holder, name, list(scopes), course_id=course_id, days=days, by=actor
    )
    session.flush()
    return authentication.tokens_of(session, holder)[0], secret


def _check_days(session: Session, actor: Actor, days: int | None) -> None:
    own = session.get(ApiToken, actor.token_id) if actor.token_id else None
    if own is None or own.expires_at is None:
        return
    if days is None or now() + timedelta(days=days) > own.expires_at:
        raise Forbidden(
            f"This token ends on {own.expires_at:%Y-%m-%d}; one that it makes must not work longer."
        )


def revoke(session: Session, actor: Actor, token_id: int) -> None:
    """End one of the holder's tokens that reaches no further, this one too, and what it made.

    Raises NotFound, Forbidden.
    """
    revoke_within(session, actor, actor.user, listed(session, actor), token_id)


def revoke_within(
    session: Session, actor: Actor, holder: Account, among: Sequence[ApiToken], token_id: int
) -> None:
    """End one `among` the holder's tokens that reaches no further than the actor's credential."""
    found = next((one for one in among if one.id == token_id), None)
    if found is None:
        raise NotFound("There is no such token here; perhaps it was revoked before.")
    if further := [one for one in found.scopes if not actor.reaches(one)]:
        raise Forbidden(
            f"This token lacks {', '.join(further)}, and so cannot end one that has it. End that "
            "one on a page."
        )
    authentication.revoke_token(session, holder, token_id, by=actor)
