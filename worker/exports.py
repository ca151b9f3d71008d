"""Owns writing exports: a slice at a time, while nothing waits to be graded."""

from __future__ import annotations

import time
import uuid

import structlog
from sqlalchemy.exc import OperationalError
from structlog.contextvars import bound_contextvars

from app.errors import Problem
from app.exports.prepared import writing
from app.infrastructure import database
from app.scheduling import leases, visitor_turns
from worker import pipeline
from worker.processes.pool_process import count

TURN_S = 15.0
"""After so long a worker looks for other work, and the export has its turn again."""
log = structlog.get_logger(__name__)


def write_next() -> bool:
    """Write at the export whose turn it is; False when there is none that may be written now.

    Faults of ours are logged, and the export is tried again. Raises OperationalError where
    Postgres is away: the lease runs out then.
    """
    with database.session() as session:
        claimed = None if _must_give_way() else writing.claim(session)
        session.commit()
    if claimed is None:
        return False
    with bound_contextvars(export=str(claimed[0])):
        _write(*claimed)
    pipeline.wake_for_the_next()
    return True


def _write(export_id: uuid.UUID, lease: uuid.UUID) -> None:
    ends = time.monotonic() + TURN_S
    try:
        while _slice(export_id, lease):
            if _must_give_way() or time.monotonic() > ends:
                break
        log.info("export.turn")
    except OperationalError:
        raise
    except Problem as problem:  # who asked may no longer have it
        log.warning("export.refused", error=type(problem).__name__)
    except Exception:
        log.exception("export.fault")
        count("fault export")
    finally:
        with database.session() as session:
            writing.release(session, export_id, lease)
            session.commit()


def _slice(export_id: uuid.UUID, lease: uuid.UUID) -> bool:
    with database.session() as session:
        goes_on = writing.write_slice(session, export_id, lease, _must_give_way)
        session.commit()
    return goes_on


def _must_give_way() -> bool:
    """Whether a file waits that could have a worker now."""
    with database.session() as session:
        database.read_without_transaction(session)
        waits = bool(leases.due(session, 1) or visitor_turns.due(session))
        session.commit()
    return waits
