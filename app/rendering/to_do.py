"""Owns what a row of somebody's assignments says is to do, and when it is urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.timing.windows import Window

URGENT = timedelta(days=1)


@dataclass(frozen=True)
class ToDo:
    """What is to do, empty where nothing is; `is_urgent` within a day of the due date and after."""

    words: str = ""
    is_urgent: bool = False


def to_do(window: Window, attempts: int, is_full: bool, moment: datetime) -> ToDo:
    """What somebody with so many attempts has to do at `moment`."""
    if is_full or not window.has_opened(moment):
        return ToDo()
    if window.has_closed(moment):
        return ToDo() if attempts else ToDo("not handed in")
    if window.is_late(moment):
        return ToDo() if attempts else ToDo("overdue, still taken", is_urgent=True)
    is_soon = window.due_at is not None and window.due_at - moment <= URGENT
    return ToDo("" if attempts else "not handed in yet", is_urgent=is_soon)
