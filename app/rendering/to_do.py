"""Owns what a row of somebody's assignments says is to do, and when it is urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models import Assignment

URGENT = timedelta(days=1)


@dataclass(frozen=True)
class ToDo:
    """What is to do, empty where nothing is; `is_urgent` within a day of the due date and after."""

    words: str = ""
    is_urgent: bool = False


def to_do(assignment: Assignment, attempts: int, is_full: bool, moment: datetime) -> ToDo:
    """What somebody with so many attempts has to do at `moment`."""
    if is_full or not assignment.has_opened(moment):
        return ToDo()
    if assignment.has_closed(moment):
        return ToDo() if attempts else ToDo("not handed in")
    if assignment.is_late(moment):
        return ToDo() if attempts else ToDo("overdue, still taken", is_urgent=True)
    is_soon = assignment.due_at is not None and assignment.due_at - moment <= URGENT
    return ToDo("" if attempts else "not handed in yet", is_urgent=is_soon)
