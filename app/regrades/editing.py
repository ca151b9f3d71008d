"""Owns changing an assignment that has work in it: first what that does to scores is shown."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app import versions
from app.identity.authentication import Actor
from app.models import Assignment, Regrade
from app.regrades import applying, making
from app.teaching import assignments
from app.teaching.drafts import Draft

_RULES = ("counts", "due_at", "grace_minutes", "late_amount", "late_unit", "late_per", "late_cap")


def change(
    session: Session, actor: Actor, assignment_id: int, draft: Draft, *, seen: str | None = None
) -> Assignment | Regrade:
    """Change an assignment, at once where no score that somebody has can change by it.

    Otherwise what comes of it is a preview, which saves the change when it is applied. `seen` is
    the version that the draft was made from. Raises NotFound, Forbidden, Unprocessable, Stale.
    """
    before = assignments.lock(session, actor, assignment_id)
    version = assignments.version(before)
    versions.require_current(seen, version, "this assignment")
    draft.require_right()
    if needs_preview(session, before, draft):
        return making.make_for(session, actor, before, draft, version)
    is_other = _changes_worth(before, draft)
    changed = assignments.save(session, actor, before.course_id, draft, assignment_id)
    if is_other:
        applying.queue_again(session, assignment_id)
    return changed


def needs_preview(session: Session, assignment: Assignment, draft: Draft) -> bool:
    """Whether work that has a verdict is worth something else by it."""
    return _changes_worth(assignment, draft) and making.number_of(session, assignment.id) > 0


def _changes_worth(assignment: Assignment, draft: Draft) -> bool:
    rubric = dict(draft.rubric) if draft.rubric else None
    wanted = (dict(draft.points), rubric, draft.none_counts_once)
    return (assignment.points, assignment.rubric, assignment.none_counts_once) != wanted


def changes_rules(regrade: Regrade) -> bool:
    """Whether a change of the assignment is of its rules, too, by which grades change besides."""
    draft = regrade.draft or {}
    now_there = Draft.of(regrade.assignment).facts()
    return any(draft[name] != now_there[name] for name in _RULES if name in draft)
