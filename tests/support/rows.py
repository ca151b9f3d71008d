"""Owns the rows of accounts, places in courses, sign-ins and tokens, each written at one stroke.

Nearly every test makes people. The domain makes a person in a dozen statements, since it has much
to make sure of; here one statement writes the same rows (`tests/test_the_cast.py` compares them).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import TextClause, inspect, text
from sqlalchemy.orm import make_transient_to_detached

from app.identity import accounts
from app.identity.authentication import TOKEN_PREFIX
from app.infrastructure import database
from app.infrastructure.clock import now
from app.models import Role, User
from app.settings import settings

_COLUMNS = [column.key for column in inspect(User).columns]
_PERSON = text("""
WITH account AS (
    INSERT INTO users (kind, email, name, password_hash, is_admin, active)
    VALUES ('person', :email, :name, :password_hash, :is_admin, true)
    RETURNING *
), made AS (
    INSERT INTO audit_entries (via, action, user_id, after)
    SELECT 'command', 'account made', id, jsonb_build_object(
        'name', name, 'email', email, 'external_id', external_id, 'site_admin', is_admin)
    FROM account
    RETURNING id
), place AS (
    INSERT INTO enrolments (course_id, user_id, role, active)
    SELECT :course_id, id, :role, true FROM account WHERE CAST(:course_id AS integer) IS NOT NULL
), given AS (
    INSERT INTO audit_entries (via, action, course_id, user_id, before, after)
    SELECT 'command', 'role changed', :course_id, id,
        jsonb_build_object('role', null), jsonb_build_object('role', CAST(:role AS text))
    FROM account, (SELECT count(*) FROM made) AS before  -- the log has the account first
    WHERE CAST(:course_id AS integer) IS NOT NULL
)
SELECT * FROM account
""")
_SIGN_IN = text("""
INSERT INTO sign_ins (digest, user_id, user_agent, expires_at)
VALUES (:digest, :user_id, '', :expires_at)
""")
_TOKEN = text("""
WITH made AS (
    INSERT INTO audit_entries (via, action, user_id, after)
    SELECT 'command', 'token made', :user_id, jsonb_build_object(
        'name', 'test', 'ends with', CAST(:hint AS text),
        'scopes', to_jsonb(CAST(:scopes AS text[])), 'days', null)
)
INSERT INTO api_tokens (digest, hint, name, user_id, course_id, scopes)
VALUES (:digest, :hint, 'test', :user_id, :course_id, :scopes)
""")


def person(
    email: str,
    name: str,
    password_hash: str,
    *,
    is_admin: bool = False,
    course_id: int | None = None,
    role: Role = Role.STUDENT,
) -> User:
    """A new account, with a role in a course where one is given."""
    facts: dict[str, object] = {"password_hash": password_hash, "is_admin": is_admin}
    facts |= {"email": accounts.clean_email(email), "name": accounts.clean_name(name, email)}
    [row] = _written(_PERSON, **facts, course_id=course_id, role=role.value)
    made = User(**{name: row[name] for name in _COLUMNS})
    make_transient_to_detached(made)
    return made


def sign_in(user_id: int) -> str:
    """A new sign-in's secret."""
    secret = secrets.token_urlsafe(32)
    expires_at = now() + timedelta(days=settings().session_days)
    _written(_SIGN_IN, digest=_digest(secret), user_id=user_id, expires_at=expires_at)
    return secret


def token(user_id: int, scopes: list[str], course_id: int | None = None) -> str:
    """A new bearer token for ever."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    facts = {"digest": _digest(secret), "hint": secret[-4:], "scopes": sorted(set(scopes))}
    _written(_TOKEN, **facts, user_id=user_id, course_id=course_id)
    return secret


def _written(statement: TextClause, **facts: object) -> list[dict[str, object]]:
    with database.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        found = connection.execute(statement, facts)
        return [dict(row) for row in found.mappings()] if found.returns_rows else []


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
