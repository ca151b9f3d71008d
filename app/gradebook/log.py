"""Owns reading the log of changes: searched, a page at a time, or whole as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.identity import permissions, site_permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.infrastructure.spreadsheets import defused
from app.models import Account, Assignment, AuditEntry

PAGE = 100
_HEAD = ["When", "Who", "Who: e-mail", "By", "What", "Student", "Student: e-mail", "Assignment"]
_HEAD += ["Before", "After", "Why"]


@dataclass(frozen=True)
class Search:
    """What is looked for; nothing narrows nothing. `text` stands in names, words or reasons."""

    text: str = ""
    action: str = ""
    assignment_id: int | None = None
    user_id: int | None = None
    since: datetime | None = None


def entries(
    session: Session,
    actor: Actor,
    course_id: int,
    search: Search,
    *,
    before: int | None = None,
    limit: int | None = PAGE,
) -> list[AuditEntry]:
    """What was changed in a course, newest first; `before` an entry's id, where one is given.

    Raises NotFound, Forbidden.
    """
    permissions.course(session, actor, course_id, Right.SEE_CLASS)
    return _entries(session, course_id, search, before, limit)


def of_accounts(
    session: Session,
    actor: Actor,
    search: Search,
    *,
    before: int | None = None,
    limit: int | None = PAGE,
) -> list[AuditEntry]:
    """What was changed of accounts and tokens, newest first, for site administrators.

    Raises Forbidden.
    """
    site_permissions.require_admin(actor)
    return _entries(session, None, search, before, limit)


def _entries(
    session: Session,
    course_id: int | None,
    search: Search,
    before: int | None,
    limit: int | None,
) -> list[AuditEntry]:
    rows = _found(course_id, search).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        rows = rows.where(AuditEntry.id < before)
    return list(session.scalars(rows))


def _found(course_id: int | None, search: Search) -> Select[AuditEntry]:
    who, whom = aliased(Account), aliased(Account)
    rows = (
        select(AuditEntry)
        .outerjoin(who, AuditEntry.actor_id == who.id)
        .outerjoin(whom, AuditEntry.user_id == whom.id)
        .options(
            contains_eager(AuditEntry.actor.of_type(who)),
            contains_eager(AuditEntry.user.of_type(whom)),
        )
        .where(AuditEntry.course_id == course_id)
    )
    if search.action:
        rows = rows.where(AuditEntry.action == search.action)
    if search.assignment_id is not None:
        rows = rows.where(AuditEntry.assignment_id == search.assignment_id)
    if search.user_id is not None:
        rows = rows.where(AuditEntry.user_id == search.user_id)
    if search.since is not None:
        rows = rows.where(AuditEntry.at >= search.since)
    for word in search.text.split():
        places = (AuditEntry.action, AuditEntry.reason, who.name, who.email, whom.name, whom.email)
        rows = rows.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    return rows


def differences(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What an entry changed: a name, what it was, what it is; texts as they are, no markup.

    The reason stands beside them, and so is not among them.
    """
    return between(entry.before or {}, entry.after or {})


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The same of two states."""
    names = [name for name in {**before, **after} if name != "reason"]
    names = [name for name in names if before.get(name) != after.get(name)]
    told = [(n.replace("_", " "), _word(before.get(n)), _word(after.get(n))) for n in names]
    return [(name, was, is_now) for name, was, is_now in told if was != is_now]


def _word(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_word(one)}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def to_csv(session: Session, actor: Actor, course_id: int, search: Search) -> str:
    """All that is found, newest first, in one piece; what it was and is as JSON."""
    found = entries(session, actor, course_id, search, limit=None)
    columns = select(Assignment.id, Assignment.title).where(Assignment.course_id == course_id)
    titles = {row.id: row.title for row in session.execute(columns)}
    out = io.StringIO("\ufeff")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for entry in found:
        who, whom = entry.actor, entry.user
        cells = [entry.at.isoformat(timespec="seconds"), who.name if who else ""]
        cells += [(who and who.email) or "", entry.via.value, entry.action]
        cells += [whom.name if whom else "", (whom and whom.email) or ""]
        cells += [titles.get(entry.assignment_id or 0, "")]
        cells += [json.dumps(one) if one is not None else "" for one in (entry.before, entry.after)]
        writer.writerow([defused(cell) for cell in [*cells, entry.reason]])
    return out.getvalue()
