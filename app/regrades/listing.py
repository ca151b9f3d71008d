"""Owns the list of an assignment's regrades."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.identity import permissions
from app.identity.authentication import Actor
from app.identity.permissions import Right
from app.models import Regrade


def of_assignment(
    session: Session,
    actor: Actor,
    assignment_id: int,
    *,
    before: int | None = None,
    limit: int = 50,
) -> list[Regrade]:
    """An assignment's regrades, the newest first, with smaller numbers than `before`.

    Raises NotFound, Forbidden.
    """
    permissions.assignment(session, actor, assignment_id, Right.SEE_CLASS)
    rows = select(Regrade).where(Regrade.assignment_id == assignment_id)
    if before is not None:
        rows = rows.where(Regrade.id < before)
    return list(session.scalars(rows.order_by(Regrade.id.desc()).limit(limit)))
