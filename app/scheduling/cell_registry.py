"""Owns what pool processes say of their cells: which are there now, and what has happened to them.

Each pool process says so every few seconds, away from its grading. What happens is added to
the running totals, so that no restart resets it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.models import CellReport
from app.scheduling import counters

BEAT_S = 5.0
"""How often a process says that it is there."""
SILENT = timedelta(seconds=4 * BEAT_S)
"""What has said nothing for so long is gone."""
WITH_AUTOGRAD = " with autograd"
"""At the end of a container's name where autograd could not be taken out of a process, so that
PyTorch's record decides where a gradient came from."""
_PRESENT = (
    select(CellReport.container, func.count())
    .where(CellReport.seen_at >= func.now() - SILENT)
    .group_by(CellReport.container)
)
STARTED, REPLACED = "started", ("odd", "lost", "retired")
FAULTS = ("cell", "unavailable", "grading", "lease", "export")
"""Faults of ours: a cell broke down; none could be had; the judge or the database raised; a
worker died or lost its submission to another."""


def report(
    session: Session, process: uuid.UUID, container: str | None, happened: Mapping[str, int]
) -> None:
    """Say that a process is there, with a warm cell in a `container` or without one.

    `happened` is what is to be added to the totals: "started", "replaced odd", "fault lease" ...
    What has been silent for long is forgotten. The commit need not wait for the disk.
    """
    session.execute(text("SET LOCAL synchronous_commit = off"))
    said = insert(CellReport).values(id=process, container=container, seen_at=func.now())
    session.execute(
        said.on_conflict_do_update(
            index_elements=["id"],
            set_={"container": said.excluded.container, "seen_at": said.excluded.seen_at},
        )
    )
    session.execute(delete(CellReport).where(CellReport.seen_at < func.now() - SILENT))
    counters.add(
        session, [counters.Increment(counters.CELLS, what) for what in Counter(happened).elements()]
    )


def leave(session: Session, process: uuid.UUID) -> None:
    """Say that a process ends."""
    session.execute(delete(CellReport).where(CellReport.id == process))


def present(session: Session) -> dict[str | None, int]:
    """How many processes grade, by the container of their cell; under None those without one."""
    return dict(session.execute(_PRESENT).all())


def have_autograd(session: Session) -> bool:
    """Whether autograd could not be taken out of some cell that is there now."""
    return any((container or "").endswith(WITH_AUTOGRAD) for container in present(session))
