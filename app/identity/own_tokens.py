"""Owns what a token may do about tokens: those of its holder, and none that reaches further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from app.errors import Forbidden, NotFound
from app.identity import authentication, permissions
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import ApiToken, User

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
    further = sorted(set(scopes) & set(authentication.SCOPES) - (actor.scopes or frozenset()))
    if further:
        raise Forbidden(f"This token lacks {', '.join(further)}, and so can make none with it.")
    if actor.course_id not in (None, course_id):
        raise Forbidden("This token is for one course; one that it makes must be for that, too.")
    if course_id is not None:
        permissions.course(session, actor, course_id)
    _check_days(session, actor, days)
    user = session.get_one(User, actor.user.id)
    secret = authentication.issue_token(
        session, user, name, list(scopes), course_id=course_id, days=days, by=actor
    )
    session.flush()
    return authentication.tokens_of(session, user)[0], secret


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
    found = next((one for one in listed(session, actor) if one.id == token_id), None)
    if found is None:
        raise NotFound("There is no such token of yours; perhaps it was revoked before.")
    if further := sorted(set(found.scopes) - (actor.scopes or frozenset())):
        raise Forbidden(
            f"This token lacks {', '.join(further)}, and so cannot end one that has it. End that "
            "one on your account's page."
        )
    authentication.revoke_token(session, actor.user, token_id, by=actor)
