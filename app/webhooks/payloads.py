"""Owns what deliveries say: facts as they were, and the numbers by which others know the things.

No name, no address, no file and no secret is ever in one; whoever wants more asks the API.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.grading.showing import sights
from app.models import Assignment, AttemptMember, EventType, User, WebhookEvent
from app.settings import settings
from app.visibility.rules import Shown

Facts = dict[str, Any]


def body(session: Session, event: WebhookEvent) -> bytes:
    """The body of an event's deliveries, as JSON.

    `facts` are what they were when it happened; whether students are shown it, and the ids that an
    LMS has for things, are what they are now.
    """
    about = _ABOUT[EventType(event.type)]
    assignment = session.get(Assignment, event.assignment_id or 0, populate_existing=True)
    data = (_of_assignment(assignment) if assignment else {}) | about(session, event, assignment)
    told = {"type": event.type, "timestamp": written(event.at), "data": data}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def written(moment: datetime) -> str:
    """A moment in ISO 8601, in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _address(path: str) -> str:
    return f"{settings().base_url}/api/v1{path}"


def _of_assignment(assignment: Assignment) -> Facts:
    course = assignment.course
    return {
        "course": {"id": course.id, "sis_course_id": course.code},
        "assignment": {
            "id": assignment.id,
            "sis_assignment_id": assignment.external_id,
            "url": _address(f"/assignments/{assignment.id}"),
        },
    }


def _submission(session: Session, event: WebhookEvent, assignment: Assignment | None) -> Facts:
    members = (
        select(User)
        .join(AttemptMember, AttemptMember.user_id == User.id)
        .where(AttemptMember.submission_id == event.submission_id)
        .order_by(User.id)
    )
    address = _address(f"/submissions/{event.submission_id}")
    return {
        "students": [_student(user) for user in session.scalars(members)],
        "submission": {"id": str(event.submission_id), **event.facts, "url": address},
        "student_sees": _seen(session, event, assignment),
    }


def _grade(session: Session, event: WebhookEvent, assignment: Assignment | None) -> Facts:
    user = session.get(User, event.user_id or 0)
    counting = str(event.submission_id) if event.submission_id else None
    address = _address(f"/assignments/{event.assignment_id}/grades/{event.user_id}")
    return {
        "students": [_student(user)] if user else [],
        "grade": {**event.facts, "submission_id": counting, "url": address},
        "student_sees": _seen(session, event, assignment),
    }


def _facts(_session: Session, event: WebhookEvent, _assignment: Assignment | None) -> Facts:
    return dict(event.facts)


_ABOUT: dict[EventType, Callable[[Session, WebhookEvent, Assignment | None], Facts]] = {
    EventType.GRADED: _submission,
    EventType.FAILED: _submission,
    EventType.GRADE: _grade,
    EventType.CLOSED: _facts,
    EventType.TEST: _facts,
}


def _student(user: User) -> Facts:
    return {"id": user.id, "sis_user_id": user.external_id}


def _seen(session: Session, event: WebhookEvent, assignment: Assignment | None) -> str:
    """How much of the score its student is shown now: of the rest staff alone may be told."""
    if assignment is None or event.user_id is None:
        return Shown.NONE.value
    return sights.of_student(session, assignment, event.user_id).score.value
