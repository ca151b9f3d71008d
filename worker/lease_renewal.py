"""Owns keeping a lease while its submission is graded, so that leases can be short.

A short lease is what brings a submission back within seconds when its worker dies, whatever way.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.infrastructure import database
from app.scheduling import leases
from app.settings import settings

log = structlog.get_logger(__name__)


@contextmanager
def renewed(submission_id: uuid.UUID, lease: uuid.UUID) -> Iterator[None]:
    """Keep the lease until the block ends, or until somebody else holds the submission."""
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(submission_id, lease, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(submission_id: uuid.UUID, lease: uuid.UUID, done: threading.Event) -> None:
    while not done.wait(settings().lease_seconds / 3):
        try:
            with database.session() as session:
                held = leases.renew(session, submission_id, lease)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("lease.unreachable", submission=str(submission_id), error=str(error))
            continue
        if not held:
            log.warning("lease.lost", submission=str(submission_id))
            return
