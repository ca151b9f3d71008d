"""Owns writing an export: one at a time, a few seconds' worth of it in each transaction.

Whatever ends a worker, no more is lost than the slice that it was about to store.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import and_, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from app.exports.prepared import contents
from app.exports.prepared.contents import Content
from app.identity.authentication import Actor
from app.infrastructure.clock import now
from app.models import Export, ExportPart
from app.scheduling import fair_shares

SLICE_S, SLICE_BYTES, _LOOK_S = 4.0, 8 << 20, 0.1
LEASE = timedelta(seconds=60)
MOST_CLAIMS = 3
"""That it may be taken on without getting further; after that it has failed."""
_OPEN = and_(Export.finished_at.is_(None), Export.failed_at.is_(None))
_other = aliased(Export)
_DUE = (
    select(Export.id)
    .where(_OPEN, ~exists().where(_other.leased_until > func.now()))
    .order_by(Export.asked_at)
    .limit(1)
)
"""That was asked for first, where no other is being written."""


def due(session: Session) -> list[uuid.UUID]:
    """The export that could be written now, if nothing else is waiting."""
    return list(session.scalars(_DUE))


def claim(session: Session) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Take the export that was asked for first, and a lease of it; None where none is due."""
    session.execute(fair_shares.GATE)
    waiting = due(session)
    if not waiting:
        return None
    lease = uuid.uuid4()
    export = session.get_one(Export, waiting[0])
    export.claims += 1
    if export.claims > MOST_CLAIMS:
        export.failed_at = now()
        return None
    export.lease, export.leased_until = lease, now() + LEASE
    return export.id, lease


def write_slice(
    session: Session, export_id: uuid.UUID, lease: uuid.UUID, must_end: Callable[[], bool]
) -> bool:
    """Write what comes next until it must end, or enough is written; whether more is to come.

    Raises NotFound, Forbidden where who asked may have it no longer.
    """
    export = session.scalar(
        select(Export).where(Export.id == export_id, Export.lease == lease, _OPEN)
    )
    if export is None:
        return False
    content = contents.of(session, Actor(export.asked_by), export)
    done = _fill(session, export, content, must_end)
    is_whole = done == export.number
    if is_whole:
        content.end(session)
    return _store(session, export, lease, content, done, is_whole=is_whole) and not is_whole


def _fill(session: Session, export: Export, content: Content, must_end: Callable[[], bool]) -> int:
    """Add items to the content; returns how many of all are written then."""
    done, looks = export.done, time.monotonic()
    ends = looks + SLICE_S
    while done < export.number:
        items = export.items[done : done + content.at_once]
        content.add(session, items)
        done += len(items)
        moment = time.monotonic()
        if moment > ends or content.added > SLICE_BYTES:
            break
        if moment >= looks:
            looks = moment + _LOOK_S
            if must_end():
                break
    return done


def _store(
    session: Session,
    export: Export,
    lease: uuid.UUID,
    content: Content,
    done: int,
    *,
    is_whole: bool,
) -> bool:
    """Keep what was written, unless another worker has the export by now, or it was deleted."""
    added, aside, directory = content.close()
    if is_whole:
        added, directory = added + directory, b""
    changed = {
        "done": done,
        "size": export.size + len(added),
        "directory": directory,
        "claims": 0,
        "leased_until": now() + LEASE,
    }
    if is_whole:
        changed |= {"finished_at": now(), "lease": None, "leased_until": None}
    is_ours = session.execute(
        update(Export)
        .where(Export.id == export.id, Export.lease == lease)
        .values(**changed)
        .execution_options(synchronize_session=False)
    )
    if not is_ours.rowcount:  # type: ignore[attr-defined]
        return False
    for content_of, is_aside in ((added, False), (aside, True)):
        if content_of:
            part = ExportPart(
                export_id=export.id, number=export.done, aside=is_aside, content=content_of
            )
            session.add(part)
    if is_whole:
        part_of = and_(ExportPart.export_id == export.id, ExportPart.aside)
        session.execute(delete(ExportPart).where(part_of))
    return True


def release(session: Session, export_id: uuid.UUID, lease: uuid.UUID) -> None:
    """Give up a lease; what is written stays, and whoever takes it next goes on from there."""
    session.execute(
        update(Export)
        .where(Export.id == export_id, Export.lease == lease)
        .values(lease=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
